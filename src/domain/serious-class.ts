const DAY = 86_400_000;

/**
 * What makes an incident serious by the law, and within how many days of awareness the authority has to have a report at the latest: Regulation (EU)
 * 2024/1689, Article 73(2) to (4). A first report may be incomplete (Article 73(5)).
 */
export const SERIOUS_CLASSES = {
  HARM: { days: 15, text: 'serious harm to health, property or the environment, or a breach of fundamental rights' },
  DEATH: { days: 10, text: 'the death of a person' },
  WIDESPREAD: { days: 2, text: 'a widespread infringement' },
  CRITICAL_INFRASTRUCTURE: { days: 2, text: 'a serious disruption of critical infrastructure' },
} as const; // prettier-ignore
export type SeriousClass = keyof typeof SERIOUS_CLASSES;
export const SERIOUS_CLASS_NAMES = Object.keys(SERIOUS_CLASSES) as readonly SeriousClass[];

/** When the authority has to have a report: so many times 24 hours after awareness, whatever clocks on walls do meanwhile. */
export function reportDueAt(what: SeriousClass, awareAt: Date): Date {
  return new Date(awareAt.getTime() + SERIOUS_CLASSES[what].days * DAY);
}

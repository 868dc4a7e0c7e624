import { isWorse, type Incident } from './incident.js';

/** What of an open finding says whether people wait for an answer to it. */
export type Answerable = Pick<
  Incident,
  'severity' | 'openedAt' | 'asksSince' | 'acknowledgedBy' | 'acknowledgedAt' | 'acknowledgedUntil'
>;

/** Whether somebody has it, for as long as that lasts. */
export function isTaken({ acknowledgedBy, acknowledgedUntil }: Answerable, now: Date): boolean {
  return acknowledgedBy !== null && (!acknowledgedUntil || acknowledgedUntil > now);
}

/**
 * Of a case's open findings those that nobody has taken on. Whoever acknowledged one of them has the case: what joins it waits only where it is worse
 * than all that somebody took on, or is critical and asked after they did: that is what they have not seen.
 */
export function unanswered<Finding extends Answerable>(
  open: readonly Finding[],
  now: Date,
): readonly Finding[] {
  const taken = open.filter((one) => isTaken(one, now));
  const isSeen = (one: Finding) => taken.some((other) => !isWorse(one.severity, other.severity) && !asksAfter(one, other)); // prettier-ignore
  return open.filter((one) => !isTaken(one, now) && !isSeen(one));
}

/** Whether something critical opened, came back or became critical after somebody took something else on. */
function asksAfter({ severity, openedAt, asksSince }: Answerable, { acknowledgedAt }: Answerable): boolean {
  return severity === 'critical' && acknowledgedAt !== undefined && acknowledgedAt !== null && (asksSince ?? openedAt) > acknowledgedAt; // prettier-ignore
}

import type { CaseMessage } from '../domain/case-message.js';
import type { Incident } from '../domain/incident.js';
import type { CaseNow } from './case-now.js';

/** What people did about a case, as far as it is told. */
export interface Handled {
  readonly assignee: string | null;
  /** What they say it was; null again once it has come back. */
  readonly rootCause: string | null;
  /** Oldest first. */
  readonly activity: readonly {
    readonly at: Date;
    readonly by: string;
    readonly what: string;
    readonly text: string;
  }[];
}

/** Of a case that nobody has touched. */
export const UNTOUCHED: Handled = { assignee: null, rootCause: null, activity: [] };

/** Who has a case now, since when, and what they say it was. */
export interface CaseHands {
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly assignee: string | null;
  /** In words, with who said so. */
  readonly rootCause: string | null;
}

/** Deeds of people, each with its words before what was written; calls are told by themselves. */
const DID: ReadonlyMap<string, string> = new Map([
  ['acknowledged', 'acknowledged it'],
  ['assigned', 'assigned it'],
  ['noted', 'noted:'],
  ['closed', 'closed it:'],
  ['reopened', 'opened it again:'],
]);

/** Who looks after a case as it stands now: an acknowledgement and a root cause are of the time in which they were given, and say nothing of a problem that has come back. */
export function handsNow(
  { held, state }: Pick<CaseNow<Incident>, 'held' | 'state'>,
  { assignee, rootCause, activity }: Handled,
  nameOf: (actor: string) => string,
): CaseHands {
  const at = held?.acknowledgedAt ?? null;
  const deed = at && activity.find((one) => one.what === 'acknowledged' && one.at.getTime() === at.getTime());
  const closing = activity.findLast(({ what }) => what === 'closed');
  const isSaid = state === 'CLOSED' && rootCause !== null && closing !== undefined;
  return {
    acknowledgedBy: deed ? deed.by : held && nameOf(held.acknowledgedBy ?? ''),
    acknowledgedAt: at,
    assignee,
    rootCause: isSaid ? `${closing.text}, says ${closing.by}` : null,
  };
}

/** What people did since a receiver was last told: `anna assigned it to bob`; nothing where it never was. */
export function saidSince({ activity }: Handled, toldAt: Date | null): readonly string[] {
  return activity.flatMap(({ at, by, what, text }) => {
    const did = DID.get(what);
    return did !== undefined && toldAt !== null && at > toldAt ? [`${by} ${did} ${text}`.trimEnd()] : [];
  });
}

/** `acknowledged by anna, assigned to bob`; null where nobody has it. */
export function handsText({ hands }: Pick<CaseMessage, 'hands'>): string | null {
  const parts = [
    hands?.acknowledgedBy && `acknowledged by ${hands.acknowledgedBy}`,
    hands?.assignee && `assigned to ${hands.assignee}`,
  ].filter(Boolean);
  return parts.length === 0 ? null : parts.join(', ');
}

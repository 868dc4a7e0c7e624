import type { CaseMessage } from '../domain/case-message.js';

/** What people did about a case, as far as a message tells it. */
export interface Handled {
  readonly assignee: string | null;
  readonly acknowledgedBy: string | null;
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
export const UNTOUCHED: Handled = { assignee: null, acknowledgedBy: null, rootCause: null, activity: [] };

/** Deeds of people, each with its words before what was written; calls are told by themselves. */
const DID: ReadonlyMap<string, string> = new Map([
  ['acknowledged', 'acknowledged it'],
  ['assigned', 'assigned it'],
  ['noted', 'noted:'],
  ['closed', 'closed it:'],
  ['reopened', 'opened it again:'],
]);

/** Who looks after a case, what they say it was, and what they did since a receiver was last told; nothing where it never was. */
export function handsOf(
  { assignee, acknowledgedBy, rootCause, activity }: Handled,
  toldAt: Date | null,
): { readonly hands: NonNullable<CaseMessage['hands']>; readonly said: readonly string[] } {
  const closing = rootCause === null ? undefined : activity.findLast(({ what }) => what === 'closed');
  const said = activity.flatMap(({ at, by, what, text }) => {
    const did = DID.get(what);
    return did !== undefined && toldAt !== null && at > toldAt ? [`${by} ${did} ${text}`.trimEnd()] : [];
  });
  return {
    hands: { acknowledgedBy, assignee, rootCause: closing ? `${closing.text}, says ${closing.by}` : null },
    said,
  };
}

/** `acknowledged by anna, assigned to bob`; null where nobody has it. */
export function handsText({ hands }: Pick<CaseMessage, 'hands'>): string | null {
  const parts = [
    hands?.acknowledgedBy && `acknowledged by ${hands.acknowledgedBy}`,
    hands?.assignee && `assigned to ${hands.assignee}`,
  ].filter(Boolean);
  return parts.length === 0 ? null : parts.join(', ');
}

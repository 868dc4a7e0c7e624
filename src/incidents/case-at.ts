import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';

/** What began within a day of a case may belong to it. */
const NEAR = 24 * 3_600_000;

/**
 * The open case that something found in a window belongs to, in event time: the nearest of those that had begun by then, or begin within a day. What a
 * correction shows of last week is no part of what goes on today. Null where there is none.
 */
export function caseAt(open: readonly IncidentRecord[], { to }: Window): string | null {
  const at = to.getTime();
  const near = stretchesOf(open).filter(({ from }) => from <= at + NEAR);
  const away = ({ from, until }: Stretch) => Math.max(from - at, at - until, 0);
  return near.toSorted((a, b) => away(a) - away(b) || b.from - a.from)[0]?.caseId ?? null;
}

/** A case from the first onset of what is open of it to the newest window that spoke, epoch milliseconds. */
interface Stretch {
  readonly caseId: string;
  readonly from: number;
  readonly until: number;
}

function stretchesOf(open: readonly IncidentRecord[]): readonly Stretch[] {
  const cases = new Map<string, Stretch>();
  for (const { caseId, course, lastWindowTo } of open) {
    const { from = Infinity, until = -Infinity } = cases.get(caseId) ?? {};
    const own = [course.onset.getTime(), lastWindowTo.getTime()] as const;
    cases.set(caseId, { caseId, from: Math.min(from, own[0]), until: Math.max(until, own[1]) });
  }
  return [...cases.values()];
}

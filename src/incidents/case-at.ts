import type { IncidentRecord } from './incident-record.js';
import { isWithinReach, seenUntil, thereSince, type FoundWhen } from './seen-until.js';

/**
 * The case that something found in a window belongs to, in event time: the nearest of `candidates`, what is open, and of labels what was over before they came, that had begun by then, or begin within a day, and of which something was
 * seen until its onset, or until a day before. What a correction shows of last week is no part of what goes on today, and what begins today no part of what was over last week
 * and is open because its labels, or its detector, are behind. Null where there is none.
 */
export function caseAt(candidates: readonly IncidentRecord[], found: FoundWhen): string | null {
  const [at, since] = [found.window.to.getTime(), thereSince(found)];
  const near = stretchesOf(candidates).filter((stretch) => isWithinReach(stretch, found));
  const away = ({ from, until }: Stretch) => Math.max(from - at, since - until, 0);
  return near.toSorted((a, b) => away(a) - away(b) || b.from - a.from)[0]?.caseId ?? null;
}

/** A case from the first onset of what is open of it to the last moment that any of it was seen, epoch milliseconds. */
interface Stretch {
  readonly caseId: string;
  readonly from: number;
  readonly until: number;
}

function stretchesOf(candidates: readonly IncidentRecord[]): readonly Stretch[] {
  const cases = new Map<string, Stretch>();
  for (const one of candidates) {
    const { caseId, course } = one;
    const { from = Infinity, until = -Infinity } = cases.get(caseId) ?? {};
    const own = [course.onset.getTime(), seenUntil(one)] as const;
    cases.set(caseId, { caseId, from: Math.min(from, own[0]), until: Math.max(until, own[1]) });
  }
  return [...cases.values()];
}

import type { CheckName } from '../domain/check-result.js';
import type { Shown } from '../domain/incident-course.js';
import type { Verdict } from '../domain/incident.js';
import type { Window } from '../domain/window.js';

/** Checks that speak of how many rows there are: a window without any counts as much as another. */
const OF_ROWS: ReadonlySet<CheckName> = new Set(['volume', 'freshness']);

/** What a breach in one window shows. */
export function shownBy({ signal, statistic, effect, n, since }: Verdict, { from, to }: Window): Shown {
  const sized = effect !== null && Math.abs(effect) <= Number.MAX_SAFE_INTEGER;
  return { from, to, statistic, effect: sized ? effect : null, n, weight: weightOf(signal.check, n), since };
}

/** How much a window of so many rows counts in the mean size of an incident. */
export function weightOf(check: CheckName, n: number): number {
  return OF_ROWS.has(check) ? 1 : n;
}

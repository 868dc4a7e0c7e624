import type { Shown } from '../domain/incident-course.js';
import type { Verdict } from '../domain/incident.js';
import type { Window } from '../domain/window.js';

/** What a breach in one window shows. */
export function shownBy({ statistic, effect, n, since }: Verdict, { from, to }: Window): Shown {
  const sized = effect !== null && Math.abs(effect) <= Number.MAX_SAFE_INTEGER;
  return { from, to, statistic, effect: sized ? effect : null, n, since };
}

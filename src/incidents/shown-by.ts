import type { CheckName } from '../domain/check-result.js';
import type { Shown } from '../domain/course-stretch.js';
import type { Verdict } from '../domain/incident.js';
import type { Window } from '../domain/window.js';

/** Checks that speak of how many rows there are: a window without any counts as much as another. */
const OF_ROWS: ReadonlySet<CheckName> = new Set(['volume', 'freshness']);

/** What a breach in one window shows. */
export function shownBy(
  { signal, statistic, effect, effects = {}, n, restsFrom, since }: Verdict,
  { from, to }: Window,
): Shown {
  const sized = Object.entries(effects).filter(([name, one]) => name !== statistic && isSized(one));
  return {
    from,
    to,
    ...(restsFrom === undefined ? {} : { restsFrom }),
    statistic,
    effect: effect !== null && isSized(effect) ? effect : null,
    ...(sized.length > 0 ? { effects: Object.fromEntries(sized) } : {}),
    n,
    weight: weightOf(signal.check, n),
    since,
  };
}

/** What the windows before a breach showed of it, oldest first. */
export function shownBefore({ signal, statistic, past = [] }: Verdict): readonly Shown[] {
  return past.map(({ n, effects, ...window }) => ({
    ...window,
    statistic,
    effect: effects[statistic] ?? null,
    effects,
    n,
    weight: weightOf(signal.check, n),
    since: null,
  }));
}

function isSized(effect: number): boolean {
  return Math.abs(effect) <= Number.MAX_SAFE_INTEGER;
}

/** How much a window of so many rows counts in the mean size of an incident. */
export function weightOf(check: CheckName, n: number): number {
  return OF_ROWS.has(check) ? 1 : n;
}

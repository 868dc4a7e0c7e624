import { mass } from './exponential-tilt.js';
import { OUTLIER, robustSpread } from './robust-spread.js';

/** One reference window: its counts by bin, and the shares its slot expects without it. */
export interface LevelWindow {
  readonly counts: readonly number[];
  readonly expected: readonly number[];
}

/**
 * Variance of the level of windows around that of their slots, beyond the 1/n of sampling; windows weigh by their rows. `scores` have mean 0
 * and variance 1 over the reference.
 */
export function levelWander(windows: readonly LevelWindow[], scores: readonly number[]): number {
  const seen = windows.flatMap(({ counts, expected }) => {
    const n = counts.reduce((sum, count) => sum + count, 0);
    return n === 0 ? [] : [{ n, off: mass(counts, scores) / n - mass(expected, scores) }];
  });
  const farthest = OUTLIER * robustSpread(seen.map(({ off }) => Math.abs(off)));
  const kept = seen.filter(({ off }) => Math.abs(off) <= farthest);
  const rows = kept.reduce((sum, { n }) => sum + n, 0);
  const squares = kept.reduce((sum, { n, off }) => sum + n * off * off, 0);
  return rows > 0 ? Math.max(0, (squares - kept.length) / rows) : 0;
}

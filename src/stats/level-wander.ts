import { mass } from './exponential-tilt.js';

/** One reference window: its counts by bin, and the shares its slot expects without it. */
export interface LevelWindow {
  readonly counts: readonly number[];
  readonly expected: readonly number[];
}

/** Levels beyond this many times the usual are incidents, which do not say how far a level wanders. */
const OUTLIER = 6;
const MAD_TO_SD = 1.4826;

/**
 * Variance of the level of windows around that of their slots, beyond the 1/n of sampling; windows weigh by their rows. `scores` have mean 0
 * and variance 1 over the reference.
 */
export function levelWander(windows: readonly LevelWindow[], scores: readonly number[]): number {
  const seen = windows.flatMap(({ counts, expected }) => {
    const n = counts.reduce((sum, count) => sum + count, 0);
    return n === 0 ? [] : [{ n, off: mass(counts, scores) / n - mass(expected, scores) }];
  });
  const usual = median(seen.map(({ off }) => Math.abs(off)));
  const kept = seen.filter(({ off }) => Math.abs(off) <= OUTLIER * MAD_TO_SD * usual);
  const rows = kept.reduce((sum, { n }) => sum + n, 0);
  const squares = kept.reduce((sum, { n, off }) => sum + n * off * off, 0);
  return rows > 0 ? Math.max(0, (squares - kept.length) / rows) : 0;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

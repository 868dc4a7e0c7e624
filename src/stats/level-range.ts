import { type LevelNoise, longRunVariance } from './level-noise.js';
import { tailByKurtosis } from './tail-degrees.js';

/** How far the level of a series has been, and how well its spread is known. */
export interface LevelRange {
  /** Smallest and largest standardised deviation of any reference window. */
  readonly low: number;
  readonly high: number;
  /** Degrees of freedom: windows that say as much as if they were independent, less those the season took, and no more than the levels' own tail has. */
  readonly degrees: number;
}

/** From here on a window says mostly what the one before said, and innovations alone miss a level that slides. Long-run variance of an AR(1) at 0.5. */
const SLOW_FROM = 3;
const LEAST_DEGREES = 4;
/** Two standard errors of the kurtosis of one independent value. */
const KURTOSIS_ERROR = 2 * Math.sqrt(24);

/**
 * What a reference says of how far levels go, for series whose windows resemble those before them; null for others, whose every window
 * speaks of the level by itself.
 *
 * Lies: as much as the autocorrelation does; a reference with few independent windows gets a heavy tail. Cost: O(windows).
 *
 * @example levelRange([0.5, -2, 1], { phi: 0.2, signal: 1 }) // null
 */
export function levelRange(u: readonly number[], process: LevelNoise): LevelRange | null {
  const longRun = longRunVariance(process);
  if (longRun < SLOW_FROM) return null;
  const independent = u.length / longRun;
  let [low, high] = [0, 0];
  for (const value of u) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return {
    low,
    high,
    degrees: Math.max(
      LEAST_DEGREES,
      Math.min(independent - 1, tailByKurtosis(u, KURTOSIS_ERROR / Math.sqrt(independent))),
    ),
  };
}

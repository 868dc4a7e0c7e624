import { type LevelNoise, longRunVariance } from './level-noise.js';
import { tailByKurtosis } from './tail-degrees.js';

/** How far the level of a series has been on either side of what is expected. */
export interface LevelRange {
  readonly low: LevelSide;
  readonly high: LevelSide;
}

export interface LevelSide {
  /** The standardised deviation of the reference window that was farthest out, 0 or more. */
  readonly farthest: number;
  /** Standard deviation of the levels of this side, at least 1: what moves in proportion goes farther up than down. */
  readonly scale: number;
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
  return {
    low: sideOf(
      u.map((value) => -value),
      independent,
    ),
    high: sideOf(u, independent),
  };
}

/** The side above 0, as if the other were its mirror image. */
function sideOf(u: readonly number[], independent: number): LevelSide {
  const own = u.filter((value) => value > 0);
  const squares = own.reduce((sum, value) => sum + value * value, 0);
  const mirrored = [...own, ...own.map((value) => -value)];
  const error = KURTOSIS_ERROR / Math.sqrt(independent);
  return {
    farthest: own.reduce((most, value) => Math.max(most, value), 0),
    scale: Math.max(1, Math.sqrt((2 * squares) / Math.max(1, u.length))),
    degrees: Math.max(LEAST_DEGREES, Math.min(independent - 1, tailByKurtosis(mirrored, error))),
  };
}

import { normalQuantile } from './normal.js';

/** A two-sided interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Wilson's score interval for a proportion of `successes` in `trials`.
 *
 * It never leaves [0, 1] and keeps its level near the ends, where p ± 2√(p(1 − p)/n) does not. Lies: its coverage
 * wobbles a percent or two around the nominal one; the trials must be independent. Cost: O(1).
 * Source: Wilson (1927), JASA 22.
 *
 * @example wilsonInterval(87, 100).lower // 0.7901964855992356
 */
export function wilsonInterval(successes: number, trials: number, confidence: number = 0.95): Interval {
  if (!(trials > 0 && successes >= 0 && successes <= trials)) {
    throw new RangeError(`a proportion needs 0 <= successes <= trials, got ${successes} of ${trials}`);
  }
  const z = -normalQuantile((1 - confidence) / 2);
  const share = successes / trials;
  const square = (z * z) / trials;
  const centre = (share + square / 2) / (1 + square);
  const half = (z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials))) / (1 + square);
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

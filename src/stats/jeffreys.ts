import { betaQuantile } from './beta.js';
import type { Interval } from './wilson.js';

/**
 * Jeffreys' interval for a proportion: the equal-tailed posterior under the prior Beta(½, ½).
 *
 * Lies: with no successes (or only successes) that end is set to 0 (or 1), as is usual. Cost: O(1), two beta quantiles.
 * Source: Brown, Cai and DasGupta (2001), Statistical Science 16.
 *
 * @example jeffreysInterval(3, 50).lower // 0.017186649071151135
 */
export function jeffreysInterval(successes: number, trials: number, confidence: number = 0.95): Interval {
  if (!(trials > 0 && successes >= 0 && successes <= trials)) {
    throw new RangeError(`a proportion needs 0 <= successes <= trials, got ${successes} of ${trials}`);
  }
  const tail = (1 - confidence) / 2;
  const a = successes + 0.5;
  const b = trials - successes + 0.5;
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, a, b),
    upper: successes === trials ? 1 : betaQuantile(1 - tail, a, b),
  };
}

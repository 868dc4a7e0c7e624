import { betaQuantile } from './beta.js';
import type { Interval } from './wilson.js';

/**
 * Clopper and Pearson's exact interval for a proportion: never covers less often than it says.
 *
 * Lies: it covers more often than it says, so it is wider than needed. Cost: O(1), two beta quantiles.
 * Source: Clopper and Pearson (1934), Biometrika 26.
 *
 * @example clopperPearsonInterval(3, 50).upper // 0.16548194660377292
 */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  confidence: number = 0.95,
): Interval {
  if (!(trials > 0 && successes >= 0 && successes <= trials)) {
    throw new RangeError(`a proportion needs 0 <= successes <= trials, got ${successes} of ${trials}`);
  }
  const tail = (1 - confidence) / 2;
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    upper: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  };
}

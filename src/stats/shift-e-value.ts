import { normalQuantile } from './normal.js';
import { SMALLEST_P } from './power-e-value.js';

/**
 * E-value of a p-value that a shift of so many standard deviations makes small: the likelihood ratio of a normal with that mean against the standard one, at the quantile of p. Its mean is 1 for
 * a uniform p and at most that for every valid one, because it falls with p.
 *
 * No bet grows faster where the shift is as large as was said; a power e-value gains three quarters of that from half a standard deviation, and a mixture of them begins with a quarter.
 * Lies: as much as the p-value does. Cost: one quantile, one exponential. Source: Wald's likelihood ratio, on the scale of a calibrator (Vovk and Wang).
 *
 * @example shiftEValue(0.05, 1) // 3.14198
 */
export function shiftEValue(p: number, shift: number): number {
  const quantile = -normalQuantile(Math.min(Math.max(p, SMALLEST_P), 1 - SMALLEST_P));
  return Math.exp(shift * quantile - shift ** 2 / 2);
}

import { pairedShares } from '../../../src/stats/paired-shares.js';

/**
 * Kullback–Leibler divergence of `observed` from `expected`, Σ q ln(q / p) in nats, both given as counts.
 *
 * Lies: infinite as soon as a bin of `expected` is empty and the other is not; not symmetric, so say which way it was
 * taken. Explanation only. Cost: O(bins). Source: Kullback and Leibler (1951).
 *
 * @example kullbackLeibler([30, 60, 110, 120, 100, 80], [120, 180, 250, 200, 150, 100]) // 0.05812618326147187
 */
export function kullbackLeibler(
  observed: readonly number[],
  expected: readonly number[],
  smoothing: number = 0,
): number {
  return pairedShares(observed, expected, smoothing).reduce(
    (sum, [q, p]) => sum + (q === 0 ? 0 : q * Math.log(q / p)),
    0,
  );
}

import { pairedShares } from '../../../src/stats/paired-shares.js';

/**
 * Hellinger distance, √(½ Σ (√p − √q)²), between two histograms: 0 when equal, 1 when disjoint.
 *
 * Under equality 8 nm/(n + m) H² is chi-squared with bins − 1 degrees of freedom. It has no logarithm, so empty bins
 * need no care. Lies: like every distance that is a square root, it shows sampling noise of order √(bins / n).
 * Cost: O(bins). Source: Hellinger (1909); Le Cam and Yang (2000) for the law.
 *
 * @example hellingerDistance([120, 180, 250, 200, 150, 100], [30, 60, 110, 120, 100, 80]) // 0.12195000423846972
 */
export function hellingerDistance(reference: readonly number[], current: readonly number[]): number {
  const sum = pairedShares(reference, current).reduce(
    (total, [p, q]) => total + (Math.sqrt(p) - Math.sqrt(q)) ** 2,
    0,
  );
  return Math.sqrt(sum / 2);
}

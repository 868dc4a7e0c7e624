import { pairedShares } from './paired-shares.js';

/**
 * Kolmogorov–Smirnov distance seen through ordered bins: the largest gap between the two cumulative shares.
 *
 * Lies: it is a lower bound; the distance of the raw values lies between it and it plus the largest reference share.
 * Exact counts in fixed bins carry no sketch error. Cost: O(bins). Source: Kolmogorov (1933).
 *
 * @example binnedKolmogorovSmirnov([120, 180, 250, 200, 150, 100], [30, 60, 110, 120, 100, 80]) // 0.15
 */
export function binnedKolmogorovSmirnov(reference: readonly number[], current: readonly number[]): number {
  let gap = 0;
  let largest = 0;
  for (const [p, q] of pairedShares(reference, current)) {
    gap += p - q;
    largest = Math.max(largest, Math.abs(gap));
  }
  return largest;
}

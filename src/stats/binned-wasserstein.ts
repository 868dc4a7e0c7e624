import { pairedShares } from './paired-shares.js';

/**
 * Wasserstein-1 distance of two histograms over ordered bins: how far mass has to travel, in the unit of `positions`.
 *
 * `positions` are the places of the bins (their centres), ascending; by default 0, 1, 2, …, so the answer counts bins.
 * Lies: movement within a bin is invisible; open end bins have no centre, and the choice made for them is the answer.
 * Cost: O(bins). Source: Vallender (1974), ∫ |F − G|.
 *
 * @example binnedWasserstein([120, 180, 250, 200, 150, 100], [30, 60, 110, 120, 100, 80]) // 0.5
 */
export function binnedWasserstein(
  reference: readonly number[],
  current: readonly number[],
  positions: readonly number[] = reference.map((_, bin) => bin),
): number {
  let gap = 0;
  let distance = 0;
  pairedShares(reference, current).forEach(([p, q], bin) => {
    gap += p - q;
    const here = positions[bin] ?? 0;
    distance += Math.abs(gap) * ((positions[bin + 1] ?? here) - here);
  });
  return distance;
}

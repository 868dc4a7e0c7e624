import { proportions } from './proportions.js';

/**
 * The shares of reference and current in each bin, side by side: what every statistic on two histograms walks over.
 *
 * Throws RangeError when the histograms have different numbers of bins, or either is empty. Cost: O(bins).
 *
 * @example pairedShares([1, 3], [2, 2]) // [[0.25, 0.5], [0.75, 0.5]]
 */
export function pairedShares(
  reference: readonly number[],
  current: readonly number[],
  smoothing: number = 0,
): (readonly [reference: number, current: number])[] {
  if (reference.length !== current.length) {
    throw new RangeError(
      `histograms differ in bins: reference ${reference.length}, current ${current.length}`,
    );
  }
  const shares = proportions(current, smoothing);
  return proportions(reference, smoothing).map((share, bin) => [share, shares[bin] ?? 0] as const);
}

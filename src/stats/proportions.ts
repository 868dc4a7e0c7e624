/**
 * Shares of each bin, (count + smoothing) / (total + smoothing × bins), for counts ≥ 0.
 *
 * A smoothing of ½ gives an empty bin half a row, which keeps logarithms finite and the null law of PSI honest at small n.
 * Throws RangeError on a negative count or when nothing was counted at all. Cost: O(bins).
 *
 * @example proportions([1, 3]) // [0.25, 0.75]
 */
export function proportions(counts: readonly number[], smoothing: number = 0): number[] {
  let total = 0;
  for (const count of counts) {
    if (!(count >= 0)) throw new RangeError(`counts must be >= 0, got ${count}`);
    total += count + smoothing;
  }
  if (!(total > 0)) throw new RangeError('counts must not all be zero');
  return counts.map((count) => (count + smoothing) / total);
}

/** Bins grow by this factor: a value read back from its bin is off by at most one percent. */
export const BIN_GROWTH = 1.02;

/** Half a bin, relative to the value: what a quantile may be off by, beside the value of a neighbouring row. */
export const RELATIVE_ERROR = (BIN_GROWTH - 1) / (BIN_GROWTH + 1);

/**
 * Quantile of positive values from counts by logarithmic bin: bin i holds (γ^(i−1), γ^i]. Counts add up over minutes and replicas.
 *
 * The value answered is within {@link RELATIVE_ERROR} of the one of that rank. Null without counts. Lies: a quantile beyond 1 − 1/n is the largest
 * value. Cost: O(bins log bins). Source: Masson, Rim and Lee (2019), DDSketch, VLDB 12.
 *
 * @example logQuantile({ 0: 1, 35: 1 }, 0.5) // 0.99009900990099
 */
export function logQuantile(counts: Readonly<Record<string, number>>, q: number): number | null {
  const bins = Object.entries(counts)
    .map(([bin, count]) => [Number(bin), count] as const)
    .sort(([a], [b]) => a - b);
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.floor(q * (total - 1));
  let below = 0;
  for (const [bin, count] of bins) {
    below += count;
    if (below > rank) return (2 * BIN_GROWTH ** bin) / (BIN_GROWTH + 1);
  }
  return null;
}

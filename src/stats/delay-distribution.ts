/** Bins of a delay by so many parts of its natural logarithm: each is a tenth longer than the one before. */
export const DELAY_BINS = 10;

/** Delays in seconds, counted by bin `floor(DELAY_BINS · ln(seconds))`; a second and less is bin 0. */
export type DelayCounts = ReadonlyMap<number, number>;

/**
 * The share of delays that are over after so many seconds: the empirical distribution function, which rises evenly within a bin.
 *
 * Assumes delays of rows whose labels have all come. Lies: where they have not, long delays are missing and the share is too large. Cost: O(bins).
 *
 * @example shareWithin(new Map([[0, 1], [46, 3]]), 60) // 0.25
 */
export function shareWithin(counts: DelayCounts, seconds: number): number {
  const place = DELAY_BINS * Math.log(Math.max(1, seconds));
  let [within, all] = [0, 0];
  for (const [bin, count] of counts) {
    all += count;
    within += count * Math.min(1, Math.max(0, place - bin));
  }
  return all === 0 ? Number.NaN : within / all;
}

/** The delay in seconds below which so large a share of them lies, to the end of its bin; NaN without any. */
export function delayQuantile(counts: DelayCounts, share: number): number {
  const bins = [...counts].sort(([a], [b]) => a - b);
  const all = bins.reduce((sum, [, count]) => sum + count, 0);
  let within = 0;
  for (const [bin, count] of bins) {
    within += count;
    if (within >= share * all && all > 0) return Math.exp((bin + 1) / DELAY_BINS);
  }
  return Number.NaN;
}

/** What lies beyond this many standard deviations is an incident of the reference and does not shape what is learnt from it. */
export const OUTLIER = 6;
/** A normal's standard deviation over its median absolute deviation. */
const MAD_TO_SD = 1.4826;

/** Standard deviation that outliers do not move, from absolute deviations; 0 of none. Source: Hampel (1974). */
export function robustSpread(deviations: readonly number[]): number {
  const sorted = deviations.toSorted((a, b) => a - b);
  return MAD_TO_SD * (sorted[Math.floor(sorted.length / 2)] ?? 0);
}

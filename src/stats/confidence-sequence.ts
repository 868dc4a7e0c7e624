/** Mean and variance of a row, over n rows. */
export interface SampleMean {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

const ALPHA = 0.05;
/** Rows at which the sequence is narrowest beside an interval for that one number of rows. */
const TUNED_FOR = 1000;
const RHO_SQUARED = (-2 * Math.log(ALPHA) + Math.log(-2 * Math.log(ALPHA) + 1)) / TUNED_FOR;
/** Rows beyond which nobody waits. */
const LONGEST_SEQUENCE = 1e9;

/**
 * Half the width of an interval for a mean that holds at all numbers of rows at once with probability 95 %, however often one looks and whenever
 * one stops; Infinity without rows.
 *
 * Lies: with few rows or single rows that dominate, because it is asymptotic. Cost: O(1).
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Time-uniform central limit theory and asymptotic confidence sequences.
 *
 * @example confidenceRadius({ n: 1000, variance: 1 }) // 0.096
 */
export function confidenceRadius({ n, variance }: Omit<SampleMean, 'mean'>): number {
  if (n <= 0) return Infinity;
  const rows = n * RHO_SQUARED;
  return Math.sqrt((variance * 2 * (rows + 1) * Math.log(Math.sqrt(rows + 1) / ALPHA)) / (n * rows));
}

/**
 * How sure it is that a mean is not 0, at any time: one less the probability that a mean of 0 would ever have looked so far away. 0 where nothing is
 * sure.
 *
 * Lies: as {@link confidenceRadius}. Cost: O(1).
 *
 * @example sequentialCertainty({ n: 1000, mean: 0.12, variance: 1 }) // 0.995
 */
export function sequentialCertainty({ n, mean, variance }: SampleMean): number {
  if (n <= 0 || variance < 0) return 0;
  if (variance === 0) return mean === 0 ? 0 : 1;
  const rows = n * RHO_SQUARED;
  const log = 0.5 * Math.log(rows + 1) - (n * rows * mean * mean) / (2 * (rows + 1) * variance);
  return 1 - Math.min(1, Math.exp(log));
}

/**
 * Rows at which the interval would leave 0 out if mean and variance stayed as they are; null where a thousand million are not enough.
 *
 * Lies: the mean is an estimate, so this is one too. Cost: O(log n).
 *
 * @example rowsUntilSure({ mean: 0.1, variance: 1 }) // 922
 */
export function rowsUntilSure({ mean, variance }: Omit<SampleMean, 'n'>): number | null {
  const isSure = (n: number) => confidenceRadius({ n, variance }) < Math.abs(mean);
  if (!isSure(LONGEST_SEQUENCE)) return null;
  let [low, high] = [0, LONGEST_SEQUENCE];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isSure(middle)) high = middle;
    else low = middle;
  }
  return high;
}

import { combinedSample } from './combined-sample.js';

export interface Kuiper {
  /** D⁺ + D⁻. */
  readonly statistic: number;
  readonly p: number;
}

/**
 * Kuiper's two-sample test: the largest gap upwards plus the largest gap downwards between two distribution functions.
 *
 * It does not depend on where a circle is cut, which makes it the test for hours of the day, and it sees changes of
 * spread that Kolmogorov–Smirnov misses. Lies: its p-value is asymptotic (good from about 40 values) and
 * conservative on ties. Cost: O(n log n). Source: Kuiper (1960); Stephens (1970) for √e + 0.155 + 0.24/√e.
 *
 * @example kuiper([0.1, 0.4, 0.7, 1.2, 1.5, 2.2, 2.8, 3.1, 3.3, 4], [0.9, 1.1, 1.9, 2.5, 3, 3.6, 4.4, 5.2]).statistic // 0.3
 */
export function kuiper(first: readonly number[], second: readonly number[]): Kuiper {
  const n = first.length;
  const m = second.length;
  let gap = 0;
  let highest = 0;
  let lowest = 0;
  for (const step of combinedSample(first, second)) {
    gap += step.first * m - step.second * n;
    highest = Math.max(highest, gap);
    lowest = Math.min(lowest, gap);
  }
  const statistic = (highest - lowest) / (n * m);
  const root = Math.sqrt((n * m) / (n + m));
  return { statistic, p: kuiperSurvival((root + 0.155 + 0.24 / root) * statistic) };
}

/** 2 Σ (4j²x² − 1) e^(−2j²x²); below 0.4 the law has no mass a double could show. */
function kuiperSurvival(x: number): number {
  if (x < 0.4) return 1;
  let sum = 0;
  for (let j = 1; j <= 30; j += 1) {
    const square = j * j * x * x;
    sum += 2 * (4 * square - 1) * Math.exp(-2 * square);
  }
  return Math.min(1, Math.max(0, sum));
}

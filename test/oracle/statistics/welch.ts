import { mean, sampleVariance } from 'simple-statistics';
import { studentTSurvival } from '../../../src/stats/student-t.js';

export interface Welch {
  readonly statistic: number;
  /** Welch–Satterthwaite degrees of freedom. */
  readonly df: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Welch's t test: do two samples of unequal variance have the same mean?
 *
 * Lies: on heavy tails at small n; says nothing about anything but means. Cost: O(n). Source: Welch (1947), Biometrika 34.
 * Throws RangeError when a sample has fewer than two values or neither varies.
 *
 * @example welch([0.1, 0.4, 0.7, 1.2, 1.5, 2.2, 2.8, 3.1, 3.3, 4], [0.9, 1.1, 1.9, 2.5, 3, 3.6, 4.4, 5.2]).p // 0.21426883480796113
 */
export function welch(first: readonly number[], second: readonly number[]): Welch {
  if (first.length < 2 || second.length < 2)
    throw new RangeError('Welch needs at least two values on either side');
  const a = sampleVariance([...first]) / first.length;
  const b = sampleVariance([...second]) / second.length;
  if (a + b === 0) throw new RangeError('Welch needs at least one sample that varies');
  const statistic = (mean([...first]) - mean([...second])) / Math.sqrt(a + b);
  const df = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  return { statistic, df, p: 2 * studentTSurvival(Math.abs(statistic), df) };
}

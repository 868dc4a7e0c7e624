import type { Metric } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { jeffreysInterval } from '../stats/jeffreys.js';
import { normalQuantile } from '../stats/normal.js';
import { recoveredInterval, type SummedPart } from '../stats/recovered-variance.js';
import { studentTQuantile } from '../stats/student-quantile.js';

/** Two-sided 95 %. */
export const TAIL = 0.025;
export const Z95 = -normalQuantile(TAIL);

/** A metric that has no denominator here: no fault, and no blindness. */
export function notApplicable(metric: string, n: number, reason: string): Metric {
  return { metric, value: null, low: null, high: null, n, state: 'NOT_APPLICABLE', reason };
}

/** A metric whose sums are no double. */
export function notComputed(metric: string, n: number): Metric {
  const reason = 'a sum of these values is no double';
  return { metric, value: null, low: null, high: null, n, state: 'INDETERMINATE', reason };
}

/** A metric that waits for labels. */
export function waiting(metric: string, reason: string): Metric {
  return { metric, value: null, low: null, high: null, n: 0, state: 'INSUFFICIENT', reason };
}

/** Where it lies with 95 % confidence. */
export interface Band {
  readonly low: number | null;
  readonly high: number | null;
}

/** A metric with its value and interval. */
export function metricOf(metric: string, value: number, n: number, { low, high }: Band): Metric {
  return { metric, value, low, high, n, state: 'OK', reason: null };
}

/** A share of rows, with Jeffreys' interval; `reason` says what it means that there are none. */
export function share(metric: string, hits: number, trials: number, reason: string): Metric {
  if (trials === 0) return notApplicable(metric, 0, reason);
  const { lower, upper } = jeffreysInterval(hits, trials);
  return metricOf(metric, hits / trials, trials, { low: lower, high: upper });
}

/** Sums of n values. */
export interface Sums {
  readonly n: number;
  readonly sum: number | null | undefined;
  readonly squares: number | null | undefined;
}

/** Sums of the losses that the labels of a reference show; none without one. */
export function usualLoss(usual: PerformanceProfile | null): Sums | undefined {
  return usual ? { n: usual.lossRows, sum: usual.lossSum, squares: usual.lossSquares } : undefined;
}

/** The same of its squared errors. */
export function usualSquaredError(usual: PerformanceProfile | null): Sums | undefined {
  return usual
    ? { n: usual.errorRows, sum: usual.squaredErrorSum, squares: usual.squaredErrorSquares }
    : undefined;
}

/**
 * A mean of rows that are none of them negative, such as losses, with an interval that is symmetric in its logarithm: losses are skewed, and what is below 0 is none. `usual`: sums of the
 * reference, which knows of rare large values that a window happens not to have.
 */
export function mean(metric: string, { n, sum, squares }: Sums, reason: string, usual?: Sums): Metric {
  if (n === 0) return notApplicable(metric, 0, reason);
  if (typeof sum !== 'number' || typeof squares !== 'number') return notComputed(metric, n);
  const error = errorOfMean({ n, sum, squares }, usual && usualSpread(usual));
  return error && sum > 0 ? positive(metric, sum / n, n, error) : around(metric, sum / n, n, error);
}

/** A mean of rows of either sign. */
export function signedMean(metric: string, { n, sum, squares }: Sums, reason: string, usual?: UsualSpread | null): Metric {
  if (n === 0) return notApplicable(metric, 0, reason);
  if (typeof sum !== 'number' || typeof squares !== 'number') return notComputed(metric, n);
  return around(metric, sum / n, n, errorOfMean({ n, sum, squares }, usual));
} // prettier-ignore

/** Variance of single rows; null where it is not known. */
export function spreadOf({ n, sum, squares }: Sums): number | null {
  if (n < 2 || typeof sum !== 'number' || typeof squares !== 'number') return null;
  return Math.max(0, squares - (sum * sum) / n) / (n - 1);
}

/** How much single rows of a reference vary, and how many said so. */
export interface UsualSpread {
  readonly spread: number;
  readonly rows: number;
}

/** The spread of what is kept of a reference; null where it is not known. */
export function usualSpread(sums: Sums): UsualSpread | null {
  const spread = spreadOf(sums);
  return spread === null ? null : { spread, rows: sums.n };
}

/** How far a value may be off: its sampling variance, and how many degrees of freedom that variance is known with (Infinity where it is that of a law). */
export interface SamplingError {
  readonly variance: number;
  readonly degrees: number;
}

/** A window whose rows vary so many times as much as usual is another matter than the reference. */
const OTHERWISE = 4;

/**
 * Sampling error of a mean; null of a single row. Where the usual variance of a row is known, that of the window and it count alike: by itself a window without the rare large
 * errors would claim to know that there are none, and would be sure of too low a mean. Degrees of freedom of both together: Satterthwaite (1946).
 */
export function errorOfMean({ n, sum, squares }: { n: number; sum: number; squares: number }, usual?: UsualSpread | null): SamplingError | null {
  const own = spreadOf({ n, sum, squares });
  if (own === null) return null;
  if (!usual || own > OTHERWISE * usual.spread) return { variance: own / n, degrees: n - 1 };
  const both = own + usual.spread;
  const degrees = both === 0 ? n - 1 : both ** 2 / (own ** 2 / (n - 1) + usual.spread ** 2 / Math.max(1, usual.rows - 1));
  return { variance: both / (2 * n), degrees };
} // prettier-ignore

/** Half the width of a symmetric interval. */
function halfOf({ variance, degrees }: SamplingError): number {
  return studentTQuantile(TAIL, degrees) * Math.sqrt(variance);
}

/** The sampling error of what has the variance of a law, or of rows so many that nothing is lost by taking it for known. */
export function known(variance: number): SamplingError {
  return { variance, degrees: Infinity };
}

/** A value with a symmetric interval, kept within bounds. */
export function around(
  metric: string,
  value: number,
  n: number,
  error: SamplingError | null,
  [least, most]: readonly [number, number] = [-Infinity, Infinity],
): Metric {
  if (error === null) return metricOf(metric, value, n, { low: null, high: null });
  const half = halfOf(error);
  return metricOf(metric, value, n, {
    low: Math.max(least, value - half),
    high: Math.min(most, value + half),
  });
}

/** A positive value with an interval that is symmetric in its logarithm; the error is that of the value itself. */
export function positive(metric: string, value: number, n: number, error: SamplingError): Metric {
  const times = Math.exp(halfOf(error) / value);
  return metricOf(metric, value, n, { low: value / times, high: value * times });
}

/** A value between 0 and 1 with an interval that is symmetric in its log odds; the error is that of the value itself. */
export function withinUnit(metric: string, value: number, n: number, error: SamplingError): Metric {
  if (!(value > 0 && value < 1)) return metricOf(metric, value, n, { low: null, high: null });
  const half = halfOf(error) / (value * (1 - value));
  const logit = Math.log(value / (1 - value));
  const back = (x: number) => 1 / (1 + Math.exp(-x));
  return metricOf(metric, value, n, { low: back(logit - half), high: back(logit + half) });
}

/** What has an interval, as a part of a sum; null where it has none. */
export function asPart({ value, low, high }: Pick<Metric, 'value' | 'low' | 'high'>, weight: number): SummedPart | null {
  return value === null || low === null || high === null ? null : { weight, value, lower: low, upper: high };
} // prettier-ignore

/** A share of rows with Jeffreys' interval, as a part of a sum. */
export function shareOf(hits: number, trials: number, weight: number): SummedPart {
  return { weight, value: hits / trials, ...jeffreysInterval(hits, trials) };
}

/** The weighted sum of shares of different rows: few rows of one class are known for few, on the side on which they are. */
export function sumOfShares(metric: string, n: number, parts: readonly SummedPart[]): Metric {
  const value = parts.reduce((sum, part) => sum + part.weight * part.value, 0);
  const { lower, upper } = recoveredInterval(parts);
  return metricOf(metric, value, n, { low: Math.max(0, lower), high: Math.min(1, upper) });
}

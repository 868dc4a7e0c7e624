import type { Metric } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { jeffreysInterval } from '../stats/jeffreys.js';
import { normalQuantile } from '../stats/normal.js';

/** Two-sided 95 %. */
export const Z95 = -normalQuantile(0.025);

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

/** A mean of rows, with the interval of its standard error. `usual`: sums of the reference, which knows of rare large values that a window happens not to have. */
export function mean(metric: string, { n, sum, squares }: Sums, reason: string, usual?: Sums): Metric {
  if (n === 0) return notApplicable(metric, 0, reason);
  if (typeof sum !== 'number' || typeof squares !== 'number') return notComputed(metric, n);
  return around(metric, sum / n, n, varianceOfMean({ n, sum, squares }, usual && spreadOf(usual)));
}

/** Variance of single rows; null where it is not known. */
export function spreadOf({ n, sum, squares }: Sums): number | null {
  if (n < 2 || typeof sum !== 'number' || typeof squares !== 'number') return null;
  return Math.max(0, squares - (sum * sum) / n) / (n - 1);
}

/** A window whose rows vary so many times as much as usual is another matter than the reference. */
const OTHERWISE = 4;

/**
 * Sampling variance of a mean; null of a single row. Where the usual variance of a row is known, that of the window and it count alike: by itself a window without the rare large
 * errors would claim to know that there are none, and would be sure of too low a mean.
 */
export function varianceOfMean({ n, sum, squares }: { n: number; sum: number; squares: number }, usual?: number | null): number | null {
  const own = spreadOf({ n, sum, squares });
  if (own === null) return null;
  const isUsual = typeof usual === 'number' && own <= OTHERWISE * usual;
  return (isUsual ? (own + usual) / 2 : own) / n;
} // prettier-ignore

/** A value with a normal interval, kept within bounds. */
export function around(
  metric: string,
  value: number,
  n: number,
  variance: number | null,
  [least, most]: readonly [number, number] = [-Infinity, Infinity],
): Metric {
  if (variance === null) return metricOf(metric, value, n, { low: null, high: null });
  const half = Z95 * Math.sqrt(variance);
  return metricOf(metric, value, n, {
    low: Math.max(least, value - half),
    high: Math.min(most, value + half),
  });
}

/** A positive value with an interval that is symmetric in its logarithm; `variance` is that of the value itself. */
export function positive(metric: string, value: number, n: number, variance: number): Metric {
  const times = Math.exp((Z95 * Math.sqrt(variance)) / value);
  return metricOf(metric, value, n, { low: value / times, high: value * times });
}

/** A value between 0 and 1 with an interval that is symmetric in its log odds; `variance` is that of the value itself. */
export function withinUnit(metric: string, value: number, n: number, variance: number): Metric {
  if (!(value > 0 && value < 1)) return metricOf(metric, value, n, { low: null, high: null });
  const half = (Z95 * Math.sqrt(variance)) / (value * (1 - value));
  const logit = Math.log(value / (1 - value));
  const back = (x: number) => 1 / (1 + Math.exp(-x));
  return metricOf(metric, value, n, { low: back(logit - half), high: back(logit + half) });
}

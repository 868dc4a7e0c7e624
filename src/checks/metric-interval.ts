import type { Metric } from '../domain/outcome.js';
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

/** A mean of rows, with the interval of its standard error. */
export function mean(metric: string, { n, sum, squares }: Sums, reason: string): Metric {
  if (n === 0) return notApplicable(metric, 0, reason);
  if (typeof sum !== 'number' || typeof squares !== 'number') return notComputed(metric, n);
  return around(metric, sum / n, n, varianceOfMean({ n, sum, squares }));
}

/** Sampling variance of a mean; null of a single row. */
export function varianceOfMean({ n, sum, squares }: { n: number; sum: number; squares: number }): number | null {
  return n < 2 ? null : Math.max(0, squares - (sum * sum) / n) / (n - 1) / n;
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

/** A value between 0 and 1 with an interval that is symmetric in its log odds; `variance` is that of the value itself. */
export function withinUnit(metric: string, value: number, n: number, variance: number): Metric {
  if (!(value > 0 && value < 1)) return metricOf(metric, value, n, { low: null, high: null });
  const half = (Z95 * Math.sqrt(variance)) / (value * (1 - value));
  const logit = Math.log(value / (1 - value));
  const back = (x: number) => 1 / (1 + Math.exp(-x));
  return metricOf(metric, value, n, { low: back(logit - half), high: back(logit + half) });
}

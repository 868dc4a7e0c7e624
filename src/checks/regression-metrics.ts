import type { Metric, Outcome } from '../domain/outcome.js';
import { around, mean, metricOf, notApplicable, notComputed, varianceOfMean, Z95 } from './metric-interval.js'; // prettier-ignore

const NO_QUANTILES = 'no answer has quantiles: scores by level, such as {"0.1": 7, "0.9": 14}';
const NO_VALUE = 'no answer has a value';

/** Metrics of a regression with labels. */
export function regressionMetrics({ sums }: Outcome): Metric[] {
  const n = sums.errors ?? 0;
  return [
    mean('mean_absolute_error', { n, sum: sums.absolute, squares: sums.errorSquares }, NO_VALUE),
    rootMeanSquare(sums),
    percentError(sums),
    mean('bias', { n, sum: sums.error, squares: sums.errorSquares }, NO_VALUE),
    explained(sums),
    mean(
      'pinball_loss',
      { n: sums.pinballs ?? 0, sum: sums.pinball, squares: sums.pinballSquares },
      NO_QUANTILES,
    ),
  ];
}

type Sums = Outcome['sums'];

/** The square root of the mean squared error, by the delta method. */
function rootMeanSquare({ errors: n = 0, errorSquares: sum, fourth: squares }: Sums): Metric {
  const metric = 'root_mean_squared_error';
  if (n === null || n === 0) return notApplicable(metric, 0, NO_VALUE);
  if (typeof sum !== 'number' || typeof squares !== 'number') return notComputed(metric, n);
  const value = Math.sqrt(sum / n);
  const variance = varianceOfMean({ n, sum, squares });
  if (variance === null || value === 0) return metricOf(metric, value, n, { low: null, high: null });
  return around(metric, value, n, variance / (4 * value * value), [0, Infinity]);
}

/** Over the rows whose truth is not zero; how many are is said. */
function percentError({ percents, percent, percentSquares, zeros }: Sums): Metric {
  const metric = 'mean_absolute_percentage_error';
  const left = `${zeros ?? 0} rows have the truth 0, which no percentage has`;
  const found = mean(metric, { n: percents ?? 0, sum: percent, squares: percentSquares }, (zeros ?? 0) > 0 ? `all ${left}` : NO_VALUE); // prettier-ignore
  return found.value !== null && (zeros ?? 0) > 0
    ? { ...found, reason: `${left}: they are left out` }
    : found;
}

/** Σ(y − ȳ)² of fewer digits than this share of Σy² is rounding. */
const LEAST_VARIATION = 1e-9;

/** R² = 1 − Σ error² / Σ(y − ȳ)²; its interval takes the spread of the truth as known. */
function explained({ errors: n, errorSquares, fourth, truth, truthSquares }: Sums): Metric {
  const metric = 'r_squared';
  if (typeof n !== 'number' || n < 2) return notApplicable(metric, n ?? 0, 'a spread needs two labels');
  if (typeof errorSquares !== 'number' || typeof truth !== 'number' || typeof truthSquares !== 'number')
    return notComputed(metric, n);
  const spread = truthSquares - (truth * truth) / n;
  if (!(spread > LEAST_VARIATION * truthSquares)) return notApplicable(metric, n, 'the labels do not vary');
  const lost = errorSquares / spread;
  const variance = typeof fourth === 'number' ? varianceOfMean({ n, sum: errorSquares, squares: fourth }) : null;
  if (variance === null || errorSquares === 0) return metricOf(metric, 1 - lost, n, { low: null, high: null });
  const half = (Z95 * Math.sqrt(variance)) / (errorSquares / n);
  return metricOf(metric, 1 - lost, n, { low: 1 - lost * Math.exp(half), high: 1 - lost * Math.exp(-half) });
} // prettier-ignore

import type { Metric, Outcome } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { errorOfMean, mean, metricOf, notApplicable, notComputed, positive, signedMean, usualLoss, usualSpread, usualSquaredError, Z95, type UsualSpread } from './metric-interval.js'; // prettier-ignore

const NO_QUANTILES = 'no answer has quantiles: scores by level, such as {"0.1": 7, "0.9": 14}';
const NO_VALUE = 'no answer has a value';

/** Metrics of a regression with labels. `usual`: what the reference's labels say of the same model. */
export function regressionMetrics({ sums }: Outcome, usual: PerformanceProfile | null = null): Metric[] {
  const n = sums.errors ?? 0;
  const squares = usualSquaredError(usual);
  const squared = squares ? usualSpread(squares) : null;
  return [
    mean('mean_absolute_error', { n, sum: sums.absolute, squares: sums.errorSquares }, NO_VALUE, usualLoss(usual)),
    rootMeanSquare(sums, squared),
    percentError(sums),
    bias(sums, usual),
    explained(sums, squared),
    mean(
      'pinball_loss',
      { n: sums.pinballs ?? 0, sum: sums.pinball, squares: sums.pinballSquares },
      NO_QUANTILES,
    ),
  ];
} // prettier-ignore

type Sums = Outcome['sums'];

/** The mean error; the spread of the reference is taken about the window's own, for it does not keep the sign. */
function bias({ errors: n, error: sum, errorSquares: squares }: Sums, usual: PerformanceProfile | null): Metric {
  const own = (n ?? 0) > 0 ? (sum ?? NaN) / (n ?? 0) : 0;
  const spread = usual && usual.errorRows > 1 ? Math.max(0, (usual.squaredErrorSum ?? NaN) / usual.errorRows - own * own) : NaN;
  const about = usual && Number.isFinite(spread) ? { spread, rows: usual.errorRows } : null;
  return signedMean('bias', { n: n ?? 0, sum, squares }, NO_VALUE, about);
} // prettier-ignore

/** The square root of the mean squared error, by the delta method on its logarithm: squares are skewed. */
function rootMeanSquare({ errors: n = 0, errorSquares: sum, fourth: squares }: Sums, usual: UsualSpread | null): Metric {
  const metric = 'root_mean_squared_error';
  if (n === null || n === 0) return notApplicable(metric, 0, NO_VALUE);
  if (typeof sum !== 'number' || typeof squares !== 'number') return notComputed(metric, n);
  const value = Math.sqrt(sum / n);
  const error = errorOfMean({ n, sum, squares }, usual);
  if (error === null || value === 0) return metricOf(metric, value, n, { low: null, high: null });
  return positive(metric, value, n, { ...error, variance: error.variance / (4 * value * value) });
} // prettier-ignore

/** Over the rows whose truth is not zero; how many are is said. */
function percentError({ percents, percent, percentSquares, zeros }: Sums): Metric {
  const metric = 'mean_absolute_percentage_error';
  const left = `${zeros === 1 ? '1 row has' : `${zeros ?? 0} rows have`} the truth 0, which no percentage has`;
  const found = mean(metric, { n: percents ?? 0, sum: percent, squares: percentSquares }, (zeros ?? 0) > 0 ? `all ${left}` : NO_VALUE); // prettier-ignore
  return found.value !== null && (zeros ?? 0) > 0
    ? { ...found, reason: `${left}: they are left out` }
    : found;
}

/** Σ(y − ȳ)² of fewer digits than this share of Σy² is rounding. */
const LEAST_VARIATION = 1e-9;

/**
 * Variance of the logarithm of the spread of a normal truth, where the squared errors have that of a normal error. Errors that vary more are mostly of rows whose truth is far out, which move
 * both spreads alike.
 */
function ofTruth(ofErrors: number, n: number): number {
  const normal = 2 / (n - 1);
  return normal * Math.min(1, (normal / ofErrors) ** 2);
}

/** R² = 1 − Σ error² / Σ(y − ȳ)²; its interval is that of the logarithm of this ratio. */
function explained({ errors: n, errorSquares, fourth, truth, truthSquares }: Sums, usual: UsualSpread | null): Metric {
  const metric = 'r_squared';
  if (typeof n !== 'number' || n < 2) return notApplicable(metric, n ?? 0, 'a spread needs two labels');
  if (typeof errorSquares !== 'number' || typeof truth !== 'number' || typeof truthSquares !== 'number')
    return notComputed(metric, n);
  const spread = truthSquares - (truth * truth) / n;
  if (!(spread > LEAST_VARIATION * truthSquares)) return notApplicable(metric, n, 'the labels do not vary');
  const lost = errorSquares / spread;
  const error = typeof fourth === 'number' ? errorOfMean({ n, sum: errorSquares, squares: fourth }, usual) : null;
  if (error === null || errorSquares === 0) return metricOf(metric, 1 - lost, n, { low: null, high: null });
  const own = error.variance / (errorSquares / n) ** 2;
  const half = Z95 * Math.sqrt(own + ofTruth(own, n));
  return metricOf(metric, 1 - lost, n, { low: 1 - lost * Math.exp(half), high: 1 - lost * Math.exp(-half) });
} // prettier-ignore

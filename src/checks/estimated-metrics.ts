import type { Estimator } from '../domain/estimate-rule.js';
import type { Measure } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import { aucFromHistogram } from '../stats/auc.js';
import { confusionRates, type Confusion } from '../stats/confusion-rates.js';
import { f1Score } from '../stats/f1.js';
import { isotonicCalibration } from '../stats/isotonic.js';
import { around, mean, notApplicable, waiting, withinUnit } from './metric-interval.js';

/** Sums of the loss that is expected of a stretch of time. */
export type Estimated = Extract<Measure, { readonly kind: 'estimate' }>;

const NONE = 'no answer has a score';
const UNIT = [0, 1] as const;

/**
 * What the metrics of a stretch of time are expected to be without its labels, each with the interval in which the realised value is expected.
 * The interval holds the chance of the labels, not the error of what the reference taught.
 */
export function estimatedMetrics(
  estimator: Estimator,
  measured: Estimated,
  outcome: Pick<Outcome, 'answers' | 'answerScores'> | null,
): Metric[] {
  const { n, sum, sumSquares } = measured;
  if (estimator.kind === 'regression') {
    const value = n === 0 ? notApplicable('mean_absolute_error', 0, NONE) : around('mean_absolute_error', sum / n, n, estimator.residual / n, [0, Infinity]);
    return [value];
  }
  const chance = (sum - sumSquares) / (n * n);
  const accuracy = n === 0 ? notApplicable('accuracy', 0, NONE) : around('accuracy', 1 - sum / n, n, chance, UNIT);
  if (estimator.kind === 'multiclass') return [accuracy];
  return [accuracy, ...confusionMetrics(measured), expectedAuc(estimator, outcome)];
} // prettier-ignore

/** The cells of the confusion matrix that is expected of a binary model. */
export function expectedConfusion({ n, sum, positives, positiveSum }: Estimated): Confusion {
  const [fp, fn] = [positiveSum, sum - positiveSum];
  return { tp: positives - fp, fp, fn, tn: n - positives - fn };
}

/** By the delta method from the variances of both columns: each row is right or wrong by chance, on its own. */
function confusionMetrics(measured: Estimated): Metric[] {
  const cells = expectedConfusion(measured);
  const { tp, fp, fn, tn } = cells;
  const { n, positives, positiveSum, positiveSquares, sum, sumSquares } = measured;
  const said = positiveSum - positiveSquares;
  const notSaid = sum - sumSquares - said;
  const { precision, recall, specificity, balancedAccuracy } = confusionRates(cells);
  const recallVariance = ratioVariance(tp, fn, said, notSaid);
  const specificityVariance = ratioVariance(tn, fp, notSaid, said);
  const rate = (metric: string, value: number, rows: number, variance: number) =>
    Number.isNaN(value) ? notApplicable(metric, rows, 'nothing to divide by') : around(metric, value, rows, variance, UNIT);
  return [
    rate('balanced_accuracy', balancedAccuracy, n, (recallVariance + specificityVariance) / 4),
    rate('precision', precision, positives, said / positives ** 2),
    rate('recall', recall, n, recallVariance),
    rate('specificity', specificity, n, specificityVariance),
    rate('f1', f1Score(cells).f1, n, f1Variance(positives, tp, fn, said, notSaid)),
  ];
} // prettier-ignore

/** Variance of a / (a + b) from those of a and b. */
function ratioVariance(a: number, b: number, varA: number, varB: number): number {
  return (b * b * varA + a * a * varB) / (a + b) ** 4;
}

/** F1 is 2 TP / (positives said + TP + FN). */
function f1Variance(positives: number, tp: number, fn: number, varTp: number, varFn: number): number {
  const whole = positives + tp + fn;
  return (4 * ((positives + fn) ** 2 * varTp + tp ** 2 * varFn)) / whole ** 4;
} // prettier-ignore

/** From the bins of all answers, each at its mean score; a bin is a tie. */
function expectedAuc(
  { calibrator }: Extract<Estimator, { readonly kind: 'binary' }>,
  outcome: Pick<Outcome, 'answers' | 'answerScores'> | null,
): Metric {
  const calibrate = isotonicCalibration(calibrator);
  const bins = Object.entries(outcome?.answers ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([bin, rows]) => ({ rows, positive: calibrate((outcome?.answerScores[bin] ?? 0) / rows) }));
  const positives = bins.map(({ rows, positive }) => rows * positive);
  const negatives = bins.map(({ rows, positive }) => rows * (1 - positive));
  const [n1, n0] = [positives, negatives].map((counts) => counts.reduce((a, b) => a + b, 0)) as [number, number];
  if (n1 < 2 || n0 < 2) return notApplicable('auc', Math.round(n1 + n0), 'a ranking needs two of each class to be expected');
  const { auc, variance } = aucFromHistogram(negatives, positives);
  return withinUnit('auc', auc, Math.round(n1 + n0), variance);
} // prettier-ignore

/** The same of answers that nothing is expected of, and why. */
export function unestimated({ task }: Pick<Model, 'task'>, reason: string): Metric[] {
  return NAMES[task].map((metric) => waiting(metric, reason));
}

const NAMES: Readonly<Record<Model['task'], readonly string[]>> = {
  binary: ['accuracy', 'balanced_accuracy', 'precision', 'recall', 'specificity', 'f1', 'auc'],
  multiclass: ['accuracy'],
  regression: ['mean_absolute_error'],
};

/** How much more loss labels showed than was expected of the same rows. */
export function estimationGap(measured: Extract<Measure, { readonly kind: 'mean' }>): Metric {
  const { n, sum, sumSquares } = measured;
  return mean('estimation_gap', { n, sum, squares: sumSquares }, 'no label for an answer with a score');
}

import { LEAST_CALIBRATED, type EstimateRule } from '../domain/estimate-of.js';
import type { Estimator } from '../domain/estimate-rule.js';
import type { Measure } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import { aucFromHistogram } from '../stats/auc.js';
import { confusionRates, type Confusion } from '../stats/confusion-rates.js';
import { f1Score } from '../stats/f1.js';
import { isotonicCalibration } from '../stats/isotonic.js';
import {
  expectedBand,
  expectedConfusion,
  likelyCells,
  timesAsFar,
  type Estimated,
} from './expected-counts.js';
import {
  around,
  known,
  metricOf,
  notApplicable,
  positive,
  signedMean,
  waiting,
  withinUnit,
} from './metric-interval.js';

const NONE = 'no answer has a score';
const NO_DENOMINATOR = 'nothing to divide by';

/** What an estimate rests on: the rule's estimator, and how many labelled rows taught it (Infinity where nobody says). */
export interface Teaching {
  readonly estimator: Estimator;
  readonly taught: number;
}

/** Of a rule; nobody knows how far scores may be off that no label calibrated. */
export function teachingOf({ estimator, taughtBy }: EstimateRule): Teaching {
  const labelled = taughtBy?.labelled ?? 0;
  return { estimator, taught: labelled >= LEAST_CALIBRATED ? labelled : Infinity };
}

/**
 * What the metrics of a stretch of time are expected to be without its labels, each with the interval in which the realised value is expected: it holds the chance of the labels, and how far what so
 * many labelled rows taught may be off. What it cannot hold is that scores mean something else by now.
 */
export function estimatedMetrics({ estimator, taught }: Teaching, measured: Estimated, outcome: Pick<Outcome, 'answers' | 'answerScores'> | null): Metric[] {
  const { n, sum, sumSquares } = measured;
  const times = timesAsFar(n, taught);
  if (estimator.kind === 'regression') {
    const metric = 'mean_absolute_error';
    if (n === 0) return [notApplicable(metric, 0, NONE)];
    const error = known((times * estimator.residual) / n);
    return [sum > 0 ? positive(metric, sum / n, n, error) : around(metric, sum / n, n, error)];
  }
  if (estimator.kind === 'multiclass') {
    if (n === 0) return [notApplicable('accuracy', 0, NONE)];
    // as if every answer were positive: how many are wrong is all there is
    const together = { ...measured, positives: n, positiveSum: sum, positiveSquares: sumSquares };
    return [metricOf('accuracy', 1 - sum / n, n, expectedBand(likelyCells(together, taught), ({ tp }) => tp / n))];
  }
  return [...confusionMetrics(measured, taught), expectedAuc(estimator, taught, outcome)];
} // prettier-ignore

const RATES: Readonly<Record<string, (cells: Confusion) => number>> = {
  accuracy: (cells) => confusionRates(cells).accuracy,
  balanced_accuracy: (cells) => confusionRates(cells).balancedAccuracy,
  precision: (cells) => confusionRates(cells).precision,
  recall: (cells) => confusionRates(cells).recall,
  specificity: (cells) => confusionRates(cells).specificity,
  f1: (cells) => f1Score(cells).f1,
};

function confusionMetrics(measured: Estimated, taught: number): Metric[] {
  const cells = expectedConfusion(measured);
  const likely = likelyCells(measured, taught);
  return Object.entries(RATES).map(([metric, rateOf]) => {
    const [value, n] = [rateOf(cells), metric === 'precision' ? measured.positives : measured.n];
    if (Number.isNaN(value)) return notApplicable(metric, n, measured.n === 0 ? NONE : NO_DENOMINATOR);
    return metricOf(metric, value, n, expectedBand(likely, rateOf));
  });
}

/** As of counts (expected-counts.ts); of a ranking less, for the order of scores is not learnt. */
const RANKING_FREEDOM = 1.5;

/** From the bins of all answers, each at its mean score; a bin is a tie. */
function expectedAuc(
  { calibrator }: Extract<Estimator, { readonly kind: 'binary' }>,
  taught: number,
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
  const { auc } = aucFromHistogram(negatives, positives);
  // the fewer of a class, the further from normal; a calibrator that is off in level ranks as well
  const variance = (1 + (RANKING_FREEDOM * (n1 + n0)) / taught) * labelVariance(positives, negatives, auc);
  return withinUnit('auc', auc, Math.round(n1 + n0), { variance, degrees: Math.min(n1, n0) });
} // prettier-ignore

/**
 * How much the area under the ROC curve varies with the labels of rows whose scores are known: a row that turns out positive adds how many negatives it beats, and one that does not how many positives
 * beat it (the influence function of the area).
 */
function labelVariance(positives: readonly number[], negatives: readonly number[], auc: number): number {
  const [n1, n0] = [positives, negatives].map((counts) => counts.reduce((a, b) => a + b, 0)) as [
    number,
    number,
  ];
  let [below1, below0, variance] = [0, 0, 0];
  positives.forEach((own, i) => {
    const other = negatives[i] ?? 0;
    const beats = (below0 + other / 2) / n0;
    const beaten = 1 - (below1 + own / 2) / n1;
    const influence = (beats - auc) / n1 - (beaten - auc) / n0;
    variance += ((own * other) / (own + other)) * influence ** 2;
    below1 += own;
    below0 += other;
  });
  return variance;
}

/** The same of answers that nothing is expected of, and why. */
export function unestimated({ task }: Pick<Model, 'task'>, reason: string): Metric[] {
  return NAMES[task].map((metric) => waiting(metric, reason));
}

const NAMES: Readonly<Record<Model['task'], readonly string[]>> = {
  binary: [...Object.keys(RATES), 'auc'],
  multiclass: ['accuracy'],
  regression: ['mean_absolute_error'],
};

/** How much more loss labels showed than was expected of the same rows. */
export function estimationGap(measured: Extract<Measure, { readonly kind: 'mean' }>): Metric {
  const { n, sum, sumSquares } = measured;
  return signedMean('estimation_gap', { n, sum, squares: sumSquares }, 'no label for an answer with a score');
}

import type { Metric, Outcome } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { averagePrecision } from '../stats/average-precision.js';
import { aucFromHistogram } from '../stats/auc.js';
import { aucInterval } from '../stats/auc-interval.js';
import { confusionRates, type Confusion } from '../stats/confusion-rates.js';
import { f1Score } from '../stats/f1.js';
import { jeffreysInterval } from '../stats/jeffreys.js';
import { studentTQuantile } from '../stats/student-quantile.js';
import { calibrationMetrics } from './calibration-metrics.js';
import { known, mean, metricOf, notApplicable, asPart, share, sumOfShares, usualLoss, usualSquaredError, TAIL, withinUnit } from './metric-interval.js'; // prettier-ignore
import { scoreBins } from './score-bins.js';

const NO_POSITIVE = 'no label is positive';
const NO_NEGATIVE = 'no label is negative';
const NONE_PREDICTED = 'no positive was predicted';
const NO_SCORE = 'no answer has a score';

/** The confusion matrix of a stretch of time. */
export function confusionOf({ sums }: Pick<Outcome, 'sums'>): Confusion {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = sums;
  return {
    tp: truePositives ?? 0,
    fp: falsePositives ?? 0,
    fn: falseNegatives ?? 0,
    tn: trueNegatives ?? 0,
  };
}

/** Metrics of a binary model with labels; each with its interval, or why it has no value. `usual`: what the reference's labels say of the same model. */
export function binaryMetrics(outcome: Outcome, usual: PerformanceProfile | null = null): Metric[] {
  const { sums } = outcome;
  const loss = { n: sums.losses ?? 0, sum: sums.loss, squares: sums.lossSquares };
  const brier = { n: sums.scored ?? 0, sum: sums.brier, squares: sums.brierSquares };
  return [
    ...confusionMetrics(confusionOf(outcome)),
    ...rankingMetrics(outcome),
    mean('log_loss', loss, NO_SCORE, usualLoss(usual)),
    mean('brier', brier, NO_SCORE, usualSquaredError(usual)),
    ...calibrationMetrics(outcome, NO_SCORE),
  ];
} // prettier-ignore

function confusionMetrics(cells: Confusion): Metric[] {
  const { tp, fp, fn, tn } = cells;
  const n = tp + fp + fn + tn;
  const recall = share('recall', tp, tp + fn, NO_POSITIVE);
  const specificity = share('specificity', tn, tn + fp, NO_NEGATIVE);
  return [
    share('accuracy', tp + tn, n, 'no label'),
    balancedAccuracy(n, recall, specificity),
    share('precision', tp, tp + fp, NONE_PREDICTED),
    recall,
    specificity,
    f1(cells),
    matthews(cells),
    share('prevalence', tp + fn, n, 'no label'),
    share('selection_rate', tp + fp, n, 'no label'),
  ];
}

/** The mean of recall and specificity, which are shares of different rows. */
function balancedAccuracy(n: number, recall: Metric, specificity: Metric): Metric {
  const parts = [recall, specificity].map((one) => asPart(one, 0.5)).filter((part) => part !== null);
  if (parts.length === 2) return sumOfShares('balanced_accuracy', n, parts);
  return notApplicable('balanced_accuracy', n, recall.value === null ? NO_POSITIVE : NO_NEGATIVE);
}

/** F1 is 2J / (1 + J) of Jaccard's index, which is a share: of all rows that are or were called positive, those that are both. */
function f1({ tp, fp, fn }: Confusion): Metric {
  const union = tp + fp + fn;
  if (union === 0) return notApplicable('f1', 0, `${NONE_PREDICTED}, and ${NO_POSITIVE}`);
  const { lower, upper } = jeffreysInterval(tp, union);
  const of = (jaccard: number) => (2 * jaccard) / (1 + jaccard);
  return metricOf('f1', f1Score({ tp, fp, fn }).f1, union, { low: of(lower), high: of(upper) });
}

const HALF = 0.5;

/** Fisher's transform; how far it may be off is known by the rows of the rarer class. */
function matthews(cells: Confusion): Metric {
  const { tp, fp, fn, tn } = cells;
  const n = tp + fp + fn + tn;
  const { matthewsCorrelation: value } = confusionRates(cells);
  if (Number.isNaN(value)) return notApplicable('matthews_correlation', n, 'one class is never there or never answered');
  // half a row more of each kind: few rows that are all right are not known to be always right
  const smoothed: Confusion = { tp: tp + HALF, fp: fp + HALF, fn: fn + HALF, tn: tn + HALF };
  const { matthewsCorrelation: centre } = confusionRates(smoothed);
  const degrees = Math.min(tp + fn, tn + fp) + 2;
  const half = (studentTQuantile(TAIL, degrees) * Math.sqrt(phiVariance(smoothed, centre))) / (1 - centre * centre);
  const [low, high] = [Math.tanh(Math.atanh(centre) - half), Math.tanh(Math.atanh(centre) + half)];
  return metricOf('matthews_correlation', value, n, { low: Math.min(low, value), high: Math.max(high, value) });
} // prettier-ignore

/** Sampling variance of the correlation of two yes-or-no columns (Bishop, Fienberg and Holland 1975, 11.3). */
function phiVariance({ tp, fp, fn, tn }: Confusion, phi: number): number {
  const n = tp + fp + fn + tn;
  const [is, says] = [(tp + fn) / n, (tp + fp) / n];
  const [isSpread, saysSpread] = [is * (1 - is), says * (1 - says)];
  const [a, b] = [1 - 2 * is, 1 - 2 * says];
  const third = (phi * (1 + (phi * phi) / 2) * a * b) / Math.sqrt(isSpread * saysSpread);
  const fourth = 0.75 * phi * phi * ((a * a) / isSpread + (b * b) / saysSpread);
  return Math.max(0, 1 - phi * phi + third - fourth) / n;
}

/** Positives that the interval of an average precision takes to be there besides: with a dozen it would be too wide by itself. */
const PRECISION_ROWS = 3;

function rankingMetrics(outcome: Outcome): Metric[] {
  const bins = scoreBins(outcome);
  const [positives, negatives] = [
    bins.map((bin) => bin.positives),
    bins.map((bin) => bin.negatives),
  ];
  const [n1, n0] = [positives, negatives].map((counts) => counts.reduce((a, b) => a + b, 0)) as [number, number];
  if (n1 < 2 || n0 < 2) {
    const reason = 'a ranking needs two labels of each class with a score';
    return ['auc', 'average_precision'].map((metric) => notApplicable(metric, n1 + n0, reason));
  }
  const area = aucFromHistogram(negatives, positives);
  const { lower, upper } = aucInterval(area, { positives: n1, negatives: n0 });
  const precision = averagePrecision(positives, negatives);
  const perfect = { low: jeffreysInterval(n1, n1).lower, high: 1 };
  return [
    metricOf('auc', area.auc, n1 + n0, { low: lower, high: upper }),
    precision.value < 1
      ? withinUnit('average_precision', precision.value, n1 + n0, known((precision.variance * n1) / (n1 + PRECISION_ROWS)))
      : metricOf('average_precision', precision.value, n1 + n0, perfect),
  ];
} // prettier-ignore

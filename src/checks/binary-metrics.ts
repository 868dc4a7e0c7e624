import type { Metric, Outcome } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { averagePrecision } from '../stats/average-precision.js';
import { aucFromHistogram } from '../stats/auc.js';
import {
  expectedCalibrationError,
  expectedErrorWhenCalibrated,
  massBins,
  type CalibrationBin,
} from '../stats/calibration.js';
import { calibrationLine } from '../stats/calibration-line.js';
import { confusionRates, type Confusion } from '../stats/confusion-rates.js';
import { f1Score } from '../stats/f1.js';
import { jeffreysInterval } from '../stats/jeffreys.js';
import { spiegelhalterZ } from '../stats/spiegelhalter.js';
import { around, mean, metricOf, notApplicable, share, usualLoss, usualSquaredError, withinUnit, Z95 } from './metric-interval.js'; // prettier-ignore

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
    ...calibrationMetrics(outcome),
  ];
} // prettier-ignore

function confusionMetrics(cells: Confusion): Metric[] {
  const { tp, fp, fn, tn } = cells;
  const n = tp + fp + fn + tn;
  return [
    share('accuracy', tp + tn, n, 'no label'),
    balancedAccuracy(cells),
    share('precision', tp, tp + fp, NONE_PREDICTED),
    share('recall', tp, tp + fn, NO_POSITIVE),
    share('specificity', tn, tn + fp, NO_NEGATIVE),
    f1(cells),
    matthews(cells),
    share('prevalence', tp + fn, n, 'no label'),
    share('selection_rate', tp + fp, n, 'no label'),
  ];
}

/** The mean of recall and specificity, whose errors are independent. */
function balancedAccuracy(cells: Confusion): Metric {
  const { tp, fp, fn, tn } = cells;
  const n = tp + fp + fn + tn;
  const { balancedAccuracy: value, recall, specificity } = confusionRates(cells);
  if (Number.isNaN(value)) return notApplicable('balanced_accuracy', n, tp + fn === 0 ? NO_POSITIVE : NO_NEGATIVE);
  const variance = (recall * (1 - recall)) / (tp + fn) + (specificity * (1 - specificity)) / (tn + fp);
  return around('balanced_accuracy', value, n, variance / 4, [0, 1]);
} // prettier-ignore

/** F1 is 2J / (1 + J) of Jaccard's index, which is a share: of all rows that are or were called positive, those that are both. */
function f1({ tp, fp, fn }: Confusion): Metric {
  const union = tp + fp + fn;
  if (union === 0) return notApplicable('f1', 0, `${NONE_PREDICTED}, and ${NO_POSITIVE}`);
  const { lower, upper } = jeffreysInterval(tp, union);
  const of = (jaccard: number) => (2 * jaccard) / (1 + jaccard);
  return metricOf('f1', f1Score({ tp, fp, fn }).f1, union, { low: of(lower), high: of(upper) });
}

function matthews(cells: Confusion): Metric {
  const { tp, fp, fn, tn } = cells;
  const n = tp + fp + fn + tn;
  const { matthewsCorrelation: value } = confusionRates(cells);
  if (Number.isNaN(value)) return notApplicable('matthews_correlation', n, 'one class is never there or never answered');
  if (Math.abs(value) === 1) return metricOf('matthews_correlation', value, n, { low: null, high: null });
  const half = (Z95 * Math.sqrt(phiVariance(cells, value))) / (1 - value * value);
  return metricOf('matthews_correlation', value, n, { low: Math.tanh(Math.atanh(value) - half), high: Math.tanh(Math.atanh(value) + half) });
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

interface ScoreBin {
  readonly positives: number;
  readonly negatives: number;
  readonly scores: number;
}

/** Bins with rows, lowest scores first. */
function binsOf({ positives, negatives, scores }: Outcome): ScoreBin[] {
  const places = new Set([...Object.keys(positives), ...Object.keys(negatives)]);
  return [...places]
    .map(Number)
    .sort((a, b) => a - b)
    .map((bin) => ({
      positives: positives[bin] ?? 0,
      negatives: negatives[bin] ?? 0,
      scores: scores[bin] ?? 0,
    }));
}

function rankingMetrics(outcome: Outcome): Metric[] {
  const bins = binsOf(outcome);
  const [positives, negatives] = [
    bins.map((bin) => bin.positives),
    bins.map((bin) => bin.negatives),
  ];
  const [n1, n0] = [positives, negatives].map((counts) => counts.reduce((a, b) => a + b, 0)) as [number, number];
  if (n1 < 2 || n0 < 2) {
    const reason = 'a ranking needs two labels of each class with a score';
    return ['auc', 'average_precision'].map((metric) => notApplicable(metric, n1 + n0, reason));
  }
  const { auc, variance } = aucFromHistogram(negatives, positives);
  const precision = averagePrecision(positives, negatives);
  return [
    withinUnit('auc', auc, n1 + n0, variance),
    withinUnit('average_precision', precision.value, n1 + n0, precision.variance),
  ];
} // prettier-ignore

/** Bins of equal mass in which the calibration error is taken. */
const RELIABILITY_BINS = 15;

function calibrationMetrics(outcome: Outcome): Metric[] {
  const bins = binsOf(outcome).map(({ positives, negatives, scores }) => ({
    rows: positives + negatives,
    predicted: scores,
    observed: positives,
  }));
  const n = bins.reduce((sum, { rows }) => sum + rows, 0);
  if (n === 0)
    return ['calibration_error', 'calibration_slope', 'calibration_intercept', 'calibration_z'].map(
      (metric) => notApplicable(metric, 0, NO_SCORE),
    );
  return [
    calibrationError(massBins(bins, RELIABILITY_BINS), n),
    ...calibrationLineMetrics(bins, n),
    calibrationZ(bins, n),
  ];
}

/** Less what sampling alone gives a calibrated model; its interval takes the bins' errors as they add up. */
function calibrationError(bins: readonly CalibrationBin[], n: number): Metric {
  const value = Math.max(0, expectedCalibrationError(bins) - expectedErrorWhenCalibrated(bins));
  const variance = bins.reduce((sum, { rows, predicted }) => {
    const p = predicted / rows;
    return sum + (rows * p * (1 - p)) / (n * n);
  }, 0);
  return around('calibration_error', value, n, variance, [0, 1]);
}

/** Spiegelhalter's z: signed, standard normal of a calibrated model, so that beyond ±1.96 chance alone is no explanation. */
function calibrationZ(bins: readonly CalibrationBin[], n: number): Metric {
  const z = orNull(() => spiegelhalterZ(...inColumns(bins)));
  if (z === null) return notApplicable('calibration_z', n, 'every score is 0, ½ or 1');
  return metricOf('calibration_z', z, n, { low: z - Z95, high: z + Z95 });
}

function calibrationLineMetrics(bins: readonly CalibrationBin[], n: number): Metric[] {
  const line = calibrationLine(...inColumns(bins));
  if (typeof line === 'string')
    return ['calibration_slope', 'calibration_intercept'].map((metric) => notApplicable(metric, n, line));
  return [
    around('calibration_slope', line.slope, n, line.slopeVariance),
    around('calibration_intercept', line.intercept, n, line.interceptVariance),
  ];
}

/** Mean score, share of positives and rows of each bin. */
function inColumns(bins: readonly CalibrationBin[]): [scores: number[], shares: number[], rows: number[]] {
  return [
    bins.map(({ predicted, rows }) => predicted / rows),
    bins.map(({ observed, rows }) => observed / rows),
    bins.map(({ rows }) => rows),
  ];
}

/** Null where the statistic has no value on such rows. */
function orNull<Found>(compute: () => Found): Found | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

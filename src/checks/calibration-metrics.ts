import type { Metric, Outcome } from '../domain/outcome.js';
import { calibrationLine } from '../stats/calibration-line.js';
import {
  expectedCalibrationError,
  expectedErrorWhenCalibrated,
  massBins,
  type CalibrationBin,
} from '../stats/calibration.js';
import { spiegelhalterZ } from '../stats/spiegelhalter.js';
import { around, known, metricOf, notApplicable, Z95 } from './metric-interval.js';
import { scoreBins } from './score-bins.js';

/** Bins of equal mass in which the calibration error is taken. */
const RELIABILITY_BINS = 15;

/**
 * How well what a model claims agrees with what comes: its score with the positive class or, of several classes, the probability of its answer with whether that is right. `none`: why there is
 * nothing where no row has a score.
 */
export function calibrationMetrics(outcome: Outcome, none: string): Metric[] {
  const bins = scoreBins(outcome).map(({ positives, negatives, scores }) => ({
    rows: positives + negatives,
    predicted: scores,
    observed: positives,
  }));
  const n = bins.reduce((sum, { rows }) => sum + rows, 0);
  if (n === 0)
    return ['calibration_error', 'calibration_slope', 'calibration_intercept', 'calibration_z'].map(
      (metric) => notApplicable(metric, 0, none),
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
  return around('calibration_error', value, n, known(variance), [0, 1]);
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
    around('calibration_slope', line.slope, n, known(line.slopeVariance)),
    around('calibration_intercept', line.intercept, n, known(line.interceptVariance)),
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

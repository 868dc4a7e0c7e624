import type { Baseline } from '../domain/baseline.js';
import { isEstimateRule, LEAST_CALIBRATED, type EstimateRule } from '../domain/estimate-of.js';
import type { FittedBaseline } from './fitted-baseline.js';
import { seriesKey, type SeriesModel } from './series.js';

/** Why nothing is expected of a version's answers before their labels come. */
export const NO_CALIBRATION = `not computed: no calibration for this version: the reference does not have its answers, and it learns its own from ${LEAST_CALIBRATED} labelled rows on`;
const NO_LEVEL =
  'not computed: no label taught the reference how its answers are calibrated, so that what is expected of this version has no level to be held against';

/**
 * A reference as a version is judged by it whose answers it does not have: expected loss comes from what the version's own labels taught, and is not
 * computed where they have taught nothing (`own` is empty). What is expected has the level of the reference to be held against only where labels calibrated that
 * as well.
 */
export function withEstimate(baseline: Baseline, own: readonly EstimateRule[]): Baseline {
  const others = baseline.rules.filter((rule) => !isEstimateRule(rule));
  return {
    ...baseline,
    rules: [...others, ...own],
    ...(own.length === 0 ? { notEstimated: NO_CALIBRATION } : {}),
  };
}

/** The series of the reference on the version's own rules; those that wait say for what, and spend nothing of the budget. */
export function fittedWithEstimate(
  fitted: FittedBaseline,
  baseline: Baseline,
  own: readonly EstimateRule[],
): FittedBaseline {
  const ownOf = new Map(own.map((rule) => [keyOf(rule), rule]));
  const hasLevel = baseline.rules.some(
    (rule) => isEstimateRule(rule) && (rule.taughtBy?.labelled ?? 0) >= LEAST_CALIBRATED,
  );
  const series = fitted.series.map((one): SeriesModel => {
    if (!one.rule || !isEstimateRule(one.rule)) return one;
    const rule = ownOf.get(one.key);
    if (rule && hasLevel) return { ...one, rule };
    const waits = rule ? NO_LEVEL : NO_CALIBRATION;
    return { ...one, status: 'learning', law: null, expectedFalseAlerts: null, waits };
  });
  const { daily } = fitted;
  return {
    ...fitted,
    series,
    daily: daily && { ...daily, fitted: fittedWithEstimate(daily.fitted, baseline, own) },
  };
}

function keyOf({ check, feature, statistic, segment }: EstimateRule): string {
  return seriesKey(check, feature, statistic, segment);
}

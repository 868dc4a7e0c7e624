import type { Model } from '../domain/model.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { aucFromHistogram } from '../stats/auc.js';

/** Metrics by name; null where nothing is there to divide by: no positives predicted, say. */
export type MetricValues = Readonly<Record<string, number | null>>;

/** Metrics that people know, of the labelled rows of a window or a reference: those that are shown beside what is judged. */
export function shownMetrics({ task }: Pick<Model, 'task'>, p: PerformanceProfile): MetricValues {
  if (task === 'regression') return { mean_absolute_error: ratio(p.lossSum, p.lossRows) };
  const accuracy = ratio(p.correct, p.labelled);
  if (task === 'multiclass') return { accuracy };
  return {
    accuracy,
    precision: ratio(p.truePositives, p.truePositives + p.falsePositives),
    recall: ratio(p.truePositives, p.truePositives + p.falseNegatives),
    f1: ratio(2 * p.truePositives, 2 * p.truePositives + p.falsePositives + p.falseNegatives),
    brier: ratio(p.squaredErrorSum, p.errorRows),
  };
}

/** What was usual: the same of the labelled rows of a reference, and all else that its sums say. */
export function usualMetrics(model: Pick<Model, 'task'>, p: PerformanceProfile): MetricValues {
  const shown = shownMetrics(model, p);
  if (model.task === 'regression') {
    const squared = ratio(p.squaredErrorSum, p.errorRows);
    return { ...shown, root_mean_squared_error: squared === null ? null : Math.sqrt(squared) };
  }
  const log_loss = ratio(p.lossSum, p.lossRows);
  return model.task === 'multiclass' ? { ...shown, log_loss } : { ...shown, log_loss, auc: aucOf(p) };
}

function aucOf({ positiveScores, negativeScores }: PerformanceProfile): number | null {
  const isRanked = [positiveScores, negativeScores].every((bins) => bins.reduce((a, b) => a + b, 0) >= 2);
  return isRanked ? aucFromHistogram(negativeScores, positiveScores).auc : null;
}

function ratio(part: number | null, whole: number): number | null {
  return whole > 0 && part !== null ? part / whole : null;
}

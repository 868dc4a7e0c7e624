import type { Model } from '../domain/model.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { aucComponent } from '../stats/auc-component.js';

/**
 * What a version achieved on labelled rows, by the name of the metric; null where there are too few rows or the outputs do not allow it.
 * Binary: `auc`, `accuracy`, `log_loss`, `brier`, `precision`, `recall`; multiclass: `accuracy`, `log_loss`; regression: `mean_absolute_error`,
 * `root_mean_squared_error`.
 */
export function versionMetrics(
  task: Model['task'],
  profile: PerformanceProfile,
): Readonly<Record<string, number | null>> {
  const { labelled, lossRows, lossSum, errorRows, squaredErrorSum } = profile;
  const loss = ratio(lossSum, lossRows);
  const squared = ratio(squaredErrorSum, errorRows);
  if (task === 'regression')
    return {
      mean_absolute_error: loss,
      root_mean_squared_error: squared === null ? null : Math.sqrt(squared),
    };
  const shared = { accuracy: ratio(profile.correct, labelled), log_loss: loss };
  if (task === 'multiclass') return shared;
  const { truePositives, falsePositives, falseNegatives } = profile;
  return {
    auc: aucComponent(profile.positiveScores, profile.negativeScores)?.y ?? null,
    ...shared,
    brier: squared,
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, truePositives + falseNegatives),
  };
}

function ratio(sum: number | null, n: number): number | null {
  return sum === null || n === 0 ? null : sum / n;
}

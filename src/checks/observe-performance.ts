import type { Model } from '../domain/model.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { aucComponent } from '../stats/auc-component.js';
import { meanComponent } from '../stats/mean-component.js';
import type { Measured } from '../stats/measured.js';
import { rate, type Observations } from './observe-feature.js';
import { seriesKey } from './series.js';

/** Adds the performance series of a window: errors, AUC, log-loss, absolute and squared error. Each rests on the rows that have it. */
export function observePerformance(into: Observations, model: Model, profile: PerformanceProfile): void {
  const { labelled, lossRows, errorRows } = profile;
  const set = (key: string, found: Measured | null, n: number) => {
    if (found) into.set(key, { ...found, n, value: found.y, hits: null, trials: 0 });
  };
  const loss = meanOf(lossRows, profile.lossSum, profile.lossSquares);
  if (model.task === 'regression') {
    set(seriesKey('concept_drift', null, 'mean_absolute_error'), loss, lossRows);
    const squared = meanOf(errorRows, profile.squaredErrorSum, profile.squaredErrorSquares);
    set(seriesKey('performance', null, 'root_mean_squared_error'), squared && rootOf(squared), errorRows);
    return;
  }
  into.set(seriesKey('concept_drift', null, 'error_rate'), rate(labelled - profile.correct, labelled));
  set(seriesKey('performance', null, 'log_loss'), loss, lossRows);
  if (model.task !== 'binary') return;
  const auc = aucComponent(profile.positiveScores, profile.negativeScores);
  set(seriesKey('performance', null, 'auc'), auc, labelled);
}

function meanOf(n: number, sum: number | null, sumSquares: number | null): Measured | null {
  if (sum === null || sumSquares === null) return null;
  const mean = meanComponent({ n, sum, sumSquares });
  return mean && Number.isFinite(mean.v) ? mean : null;
}

/** Delta method: the variance of √m is that of m over 4 m. */
function rootOf({ y, v }: Measured): Measured | null {
  return y > 0 ? { y: Math.sqrt(y), v: v / (4 * y) } : null;
}

import type { Model } from '../domain/model.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { aucComponent } from '../stats/auc-component.js';
import { meanComponent } from '../stats/mean-component.js';
import { rate, type Observations } from './observe-feature.js';
import { seriesKey } from './series.js';

/** Adds the performance series of a window: errors, AUC, log-loss, absolute and squared error. */
export function observePerformance(into: Observations, model: Model, profile: PerformanceProfile): void {
  const n = profile.labelled;
  const loss = meanComponent({ n, sum: profile.lossSum, sumSquares: profile.lossSquares });
  if (model.task === 'regression') {
    if (loss)
      into.set(seriesKey('concept_drift', null, 'mean_absolute_error'), {
        ...loss,
        n,
        value: loss.y,
        hits: null,
        trials: 0,
      });
    const squared = meanComponent({
      n,
      sum: profile.squaredErrorSum,
      sumSquares: profile.squaredErrorSquares,
    });
    if (squared && squared.y > 0) {
      // Delta method: the variance of √m is that of m over 4 m.
      const root = { y: Math.sqrt(squared.y), v: squared.v / (4 * squared.y) };
      into.set(seriesKey('performance', null, 'root_mean_squared_error'), {
        ...root,
        n,
        value: root.y,
        hits: null,
        trials: 0,
      });
    }
    return;
  }
  into.set(seriesKey('concept_drift', null, 'error_rate'), rate(n - profile.correct, n));
  if (loss)
    into.set(seriesKey('performance', null, 'log_loss'), {
      ...loss,
      n,
      value: loss.y,
      hits: null,
      trials: 0,
    });
  if (model.task !== 'binary') return;
  const auc = aucComponent(profile.positiveScores, profile.negativeScores);
  if (auc)
    into.set(seriesKey('performance', null, 'auc'), { ...auc, n, value: auc.y, hits: null, trials: 0 });
}

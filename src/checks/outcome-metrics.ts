import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { costMetrics, realisedCost } from './cost-metrics.js';
import { waiting } from './metric-interval.js';
import { realisedMetrics } from './realised-metrics.js';

/** Everything that labels say of answers: the metrics of the task, and what the answers cost where the model file names costs. */
export function outcomeMetrics(
  model: Model,
  outcome: Outcome,
  usual: PerformanceProfile | null = null,
): Metric[] {
  const costs = model.costs ? costMetrics(realisedCost(model, outcome), outcome.answered) : [];
  return [...realisedMetrics(model, outcome, usual), ...costs];
}

/** What is wrong of the answers, among their metrics: the mean absolute error, or one less the accuracy. */
export function lossOf(metrics: readonly Metric[]): Metric {
  const error = metrics.find(({ metric }) => metric === 'mean_absolute_error');
  if (error) return error;
  const right = metrics.find(({ metric }) => metric === 'accuracy');
  if (!right) return waiting('error_rate', 'no label has come');
  const turned = (share: number | null) => (share === null ? null : 1 - share);
  return {
    ...right,
    metric: 'error_rate',
    value: turned(right.value),
    low: turned(right.high),
    high: turned(right.low),
  };
}

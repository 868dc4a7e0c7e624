import type { Model } from '../domain/model.js';
import { NO_ANSWERS, type Metric, type Outcome } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { binaryMetrics } from './binary-metrics.js';
import { mean, waiting } from './metric-interval.js';
import { multiclassMetrics } from './multiclass-metrics.js';
import { regressionMetrics } from './regression-metrics.js';

const METRICS: Readonly<
  Record<Model['task'], (outcome: Outcome, usual: PerformanceProfile | null) => Metric[]>
> = {
  binary: binaryMetrics,
  multiclass: multiclassMetrics,
  regression: regressionMetrics,
};

/** What the labels of a stretch of time say of a model, metric by metric. `usual`: what those of the reference say, for intervals that know how rows vary. */
export function realisedMetrics({ task }: Model, outcome: Outcome, usual: PerformanceProfile | null = null): Metric[] {
  const { sums, answered, labelled } = outcome;
  const all = [
    ...METRICS[task](outcome, usual),
    mean('label_delay_hours', { n: sums.delays ?? 0, sum: sums.delayHours, squares: sums.delaySquares }, 'no label came after its prediction'),
  ];
  if (labelled > 0) return all;
  const reason = `none of ${answered} answers has a label yet`;
  return all.map(({ metric }) => waiting(metric, reason));
} // prettier-ignore

/** Names of the metrics a model of a task has, in their order. */
export function metricNames(model: Model): readonly string[] {
  return realisedMetrics(model, NO_ANSWERS).map(({ metric }) => metric);
}

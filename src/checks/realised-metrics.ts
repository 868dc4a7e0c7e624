import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import { binaryMetrics } from './binary-metrics.js';
import { mean, waiting } from './metric-interval.js';
import { multiclassMetrics } from './multiclass-metrics.js';
import { regressionMetrics } from './regression-metrics.js';

const METRICS: Readonly<Record<Model['task'], (outcome: Outcome) => Metric[]>> = {
  binary: binaryMetrics,
  multiclass: multiclassMetrics,
  regression: regressionMetrics,
};

/** What the labels of a stretch of time say of a model, metric by metric. */
export function realisedMetrics({ task }: Model, outcome: Outcome): Metric[] {
  const { sums, answered, labelled } = outcome;
  const all = [
    ...METRICS[task](outcome),
    mean('label_delay_hours', { n: sums.delays ?? 0, sum: sums.delayHours, squares: sums.delaySquares }, 'no label came after its prediction'),
  ];
  if (labelled > 0) return all;
  const reason = `none of ${answered} answers has a label yet`;
  return all.map(({ metric }) => waiting(metric, reason));
} // prettier-ignore

const NOTHING: Outcome = {
  answered: 0,
  labelled: 0,
  sums: {},
  cells: {},
  positives: {},
  negatives: {},
  scores: {},
  answers: {},
  answerScores: {},
};

/** Names of the metrics a model of a task has, in their order. */
export function metricNames(model: Model): readonly string[] {
  return realisedMetrics(model, NOTHING).map(({ metric }) => metric);
}

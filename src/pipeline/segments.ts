import { waiting } from '../checks/metric-interval.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { Span } from '../profiles/merge-minutes.js';
import { watchedSegments } from '../profiles/outcomes.js';
import { outcomeMetrics, type PerformanceSources } from './performance.js';
import { usualLossOf } from './usual-loss.js';

/** How a segment did over a stretch. */
export interface SegmentStanding {
  readonly segment: string;
  readonly predictions: number;
  readonly labelled: number;
  /** Error rate, or mean absolute error of a regression. */
  readonly loss: Metric;
  /** The same in the reference; null where its labels do not say. */
  readonly usualLoss: number | null;
  readonly metrics: readonly Metric[];
}

/** The segments that the reference in force watches, by their names. */
export function segmentsOf(baseline: Baseline | null): ReadonlyMap<string, SegmentName> {
  return new Map(watchedSegments(baseline).map((one) => [segmentName(one), one]));
}

/** How every watched segment did over a stretch, the largest loss first; those without answers are absent. One query. */
export async function readSegments(
  { outcomes, baseline }: PerformanceSources,
  model: Model,
  span: Omit<Span, 'widthMs'>,
): Promise<readonly SegmentStanding[]> {
  const watched = segmentsOf(baseline);
  if (watched.size === 0) return [];
  const found = await outcomes.bySegment(model, span);
  return [...found]
    .filter(([segment]) => watched.has(segment))
    .map(([segment, outcome]) => standingOf(model, baseline, segment, outcome))
    .sort((a, b) => (b.loss.value ?? -1) - (a.loss.value ?? -1) || (a.segment < b.segment ? -1 : 1));
}

function standingOf(
  model: Model,
  baseline: Baseline | null,
  segment: string,
  outcome: Outcome,
): SegmentStanding {
  const metrics = outcomeMetrics(model, outcome);
  return {
    segment,
    predictions: outcome.answered,
    labelled: outcome.labelled,
    loss: lossOf(metrics),
    usualLoss: usualLossOf(baseline, segment),
    metrics,
  };
}

/** What is wrong of the answers: the absolute error, or one less the accuracy. */
function lossOf(metrics: readonly Metric[]): Metric {
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

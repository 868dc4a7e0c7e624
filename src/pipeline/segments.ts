import { lossOf, outcomeMetrics } from '../checks/outcome-metrics.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { Span } from '../profiles/merge-minutes.js';
import { watchedSegments } from '../profiles/outcomes.js';
import type { PerformanceSources } from './performance.js';
import { remarkOfReference } from './reference-labels.js';
import { usualLosses, type UsualLoss } from './usual-loss.js';

/** How a segment did over a stretch. */
export interface SegmentStanding {
  readonly segment: string;
  readonly predictions: number;
  readonly labelled: number;
  /** Error rate, or mean absolute error of a regression. */
  readonly loss: Metric;
  /** The same in the reference; null where its labels do not say. */
  readonly usualLoss: number | null;
  /** On how few labels that rests; null where all of its answers in the reference have one. */
  readonly usualRemark: string | null;
  readonly metrics: readonly Metric[];
}

/** The segments that the reference in force watches, by their names. */
export function segmentsOf(baseline: Baseline | null): ReadonlyMap<string, SegmentName> {
  return new Map(watchedSegments(baseline).map((one) => [segmentName(one), one]));
}

/** How every watched segment did over a stretch, the largest loss first; those without answers are absent. One query, two more where labels of the reference were missing when it was frozen. */
export async function readSegments(
  { outcomes, baseline }: PerformanceSources,
  model: Model,
  span: Omit<Span, 'widthMs'>,
): Promise<readonly SegmentStanding[]> {
  const watched = segmentsOf(baseline);
  if (watched.size === 0) return [];
  const [found, usual] = await Promise.all([
    outcomes.bySegment(model, span),
    usualLosses({ outcomes, baseline }, { model, version: span.version }),
  ]);
  return [...found]
    .filter(([segment]) => watched.has(segment))
    .map(([segment, outcome]) => standingOf(model, segment, outcome, usual.get(segment)))
    .sort((a, b) => (b.loss.value ?? -1) - (a.loss.value ?? -1) || (a.segment < b.segment ? -1 : 1));
}

function standingOf(
  model: Model,
  segment: string,
  outcome: Outcome,
  usual: UsualLoss | undefined,
): SegmentStanding {
  const metrics = outcomeMetrics(model, outcome);
  return {
    segment,
    predictions: outcome.answered,
    labelled: outcome.labelled,
    loss: lossOf(metrics),
    usualLoss: usual?.value ?? null,
    usualRemark: usual ? remarkOfReference(usual) : null,
    metrics,
  };
}

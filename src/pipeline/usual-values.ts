import { outcomeMetrics } from '../checks/outcome-metrics.js';
import { usualMetrics, type MetricValues } from '../checks/profile-metrics.js';
import { LEAST_ROWS } from '../checks/series.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Outcome } from '../domain/outcome.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { Outcomes } from '../profiles/outcomes.js';
import { isPartial, readReference, remarkOfReference } from './reference-labels.js';
import { usualCostBy } from './usual-cost.js';
import { usualLosses, usualOfLoss } from './usual-loss.js';

interface Sources {
  readonly outcomes: Outcomes;
  readonly baseline: Baseline | null;
}

/** Whose answers are held beside it, and which of them. */
interface Asked {
  readonly model: Model;
  readonly version: string;
  readonly segment: SegmentName | null;
}

/** What labels of the reference say of each metric, and what has to be known to read it. */
export interface UsualValues {
  readonly values: MetricValues;
  /** Null of a metric without a value, and where all answers of the reference have a label. */
  readonly remark: (metric: string) => string | null;
}

/**
 * What is usual by the labels of the reference: of those that were in when it was frozen and, while some were missing, of all that have come by now. Nothing where they are
 * too few. One query where labels were missing, two of a segment.
 */
export async function readUsual({ outcomes, baseline }: Sources, asked: Asked): Promise<UsualValues> {
  const { model, version, segment } = asked;
  if (!baseline) return said({}, null);
  if (segment) {
    const loss = (await usualLosses({ outcomes, baseline }, { model, version })).get(segmentName(segment));
    return loss ? said(usualOfLoss(model, loss.value), remarkOfReference(loss)) : said({}, null);
  }
  const now = await readReference(outcomes, { model, version }, baseline);
  const values = now ? valuesBy(model, baseline, now) : frozenValues(model, baseline);
  if (!isPartial(baseline)) return said(values, null);
  const frozen = baseline.reference.performance.labelled;
  return said(values, remarkOfReference({ answers: baseline.rows, frozen, now: now?.labelled ?? null }));
}

/** By the labels that were in when it was frozen, or from which its performance is learnt. */
function frozenValues(model: Model, baseline: Baseline): MetricValues {
  const { performance } = baseline.reference;
  if (performance.labelled < LEAST_ROWS) return {};
  const cost = usualCostBy(model, baseline, null)?.mean;
  return { ...usualMetrics(model, performance), ...(Number.isFinite(cost) ? { cost_per_answer: cost ?? null } : {}) };
} // prettier-ignore

/** The same metrics by all labels that have come by now. */
function valuesBy(model: Model, { reference }: Baseline, now: Outcome): MetricValues {
  if (now.labelled < LEAST_ROWS) return {};
  const names = new Set([...Object.keys(usualMetrics(model, reference.performance)), 'cost_per_answer']);
  const metrics = outcomeMetrics(model, now).filter(({ metric }) => names.has(metric));
  return Object.fromEntries(metrics.map(({ metric, value }) => [metric, value]));
}

function said(values: MetricValues, remark: string | null): UsualValues {
  return { values, remark: (metric) => ((values[metric] ?? null) === null ? null : remark) };
}

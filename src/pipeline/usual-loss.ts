import { mergeMeasures } from '../checks/merge-profiles.js';
import { lossOf, outcomeMetrics } from '../checks/outcome-metrics.js';
import type { MetricValues } from '../checks/profile-metrics.js';
import { LEAST_ROWS } from '../checks/series.js';
import type { Baseline } from '../domain/baseline.js';
import type { Measure } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import type { Outcome } from '../domain/outcome.js';
import { segmentName } from '../domain/segment-rule.js';
import type { Outcomes } from '../profiles/outcomes.js';
import {
  areThoseOf,
  isPartial,
  readReference,
  stretchOfReference,
  type ReferenceLabels,
} from './reference-labels.js';

/** The loss of a segment in the reference, the error rate or the mean absolute error of a regression, and the labels that say it. */
export interface UsualLoss extends ReferenceLabels {
  readonly value: number;
}

/**
 * What is usual of every watched segment whose labels in the reference say it, by its name: those that came after it was frozen too where its performance is learnt from them, or
 * where some were missing then. Two queries where labels were missing, else none.
 */
export async function usualLosses(
  { outcomes, baseline }: { readonly outcomes: Pick<Outcomes, 'windows' | 'bySegment'>; readonly baseline: Baseline | null },
  place: { readonly model: Model; readonly version: string },
): Promise<ReadonlyMap<string, UsualLoss>> {
  if (!baseline) return new Map();
  const stretch = stretchOfReference(baseline, place.version);
  const isThere = stretch !== null && (await readReference(outcomes, place, baseline)) !== null;
  const now = isThere ? await outcomes.bySegment(place.model, stretch) : null;
  const segments = baseline.rules.flatMap((rule) => (rule.rule === 'segment' && rule.counted.of === 'errors' ? [segmentName(rule)] : []));
  return new Map(segments.flatMap((segment) => {
    const loss = lossIn(baseline, segment, now?.get(segment), place.model);
    return loss ? [[segment, loss] as const] : [];
  }));
} // prettier-ignore

/** The metrics of a segment that its loss in the reference tells. */
export function usualOfLoss({ task }: Pick<Model, 'task'>, loss: number): MetricValues {
  return task === 'regression' ? { mean_absolute_error: loss } : { accuracy: 1 - loss };
}

/** `now`: what labels say by now of the answers of the segment in the reference. */
function lossIn(baseline: Baseline, segment: string, now: Outcome | undefined, model: Model): UsualLoss | null {
  const pinned = measureIn(baseline, segment, 'errors');
  const later = pinned && laterOf(baseline, pinned.name);
  const frozen = [later, pinned?.measure].find((one) => one?.kind === 'sides' && one.n > 0);
  const labels = frozen?.kind === 'sides' ? frozen : { n: 0, sum: 0 };
  const rows = measureIn(baseline, segment, 'rows')?.measure;
  const answers = isPartial(baseline) && rows?.kind === 'sides' ? rows.n : labels.n;
  const loss = now && areThoseOf(answers, now.answered) && now.labelled >= LEAST_ROWS ? lossOf(outcomeMetrics(model, now)).value : null;
  if (now && loss !== null) return { value: loss, answers, frozen: labels.n, now: now.labelled };
  return labels.n > 0 ? { value: labels.sum / labels.n, answers, frozen: labels.n, now: null } : null;
} // prettier-ignore

function measureIn(baseline: Baseline, segment: string, of: 'errors' | 'rows') {
  const rule = baseline.rules.find(
    (one) => one.rule === 'segment' && one.segment === segment && one.counted.of === of,
  );
  return rule && { name: rule.name, measure: baseline.reference.measures[rule.name] };
}

function laterOf({ labels }: Baseline, name: string): Measure | undefined {
  const windows = (labels?.windows ?? []).flatMap(({ profile }) => profile.measures[name] ?? []);
  return windows.length > 0 ? windows.reduce(mergeMeasures) : undefined;
}

import { mergeMeasures } from '../checks/merge-profiles.js';
import type { MetricValues } from '../checks/profile-metrics.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';

/** What a segment's labels say of it in the reference, those that came after it was frozen where they did: the error rate, or the mean absolute error of a regression; null where they do not. */
export function usualLossOf(baseline: Baseline | null, segment: string): number | null {
  const rule = baseline?.rules.find(
    (one) => one.rule === 'segment' && one.segment === segment && one.counted.of === 'errors',
  );
  if (!baseline || !rule) return null;
  const pinned = baseline.reference.measures[rule.name];
  const later = (baseline.labels?.windows ?? []).flatMap(({ profile }) => profile.measures[rule.name] ?? []);
  const measured = [...(later.length > 0 ? [later.reduce(mergeMeasures)] : []), ...(pinned ? [pinned] : [])];
  const known = measured.find((one) => one.kind === 'sides' && one.n > 0);
  return known?.kind === 'sides' ? known.sum / known.n : null;
}

/** The metrics of a segment that its loss in the reference tells. */
export function usualOfSegment(
  { task }: Pick<Model, 'task'>,
  baseline: Baseline | null,
  segment: string,
): MetricValues {
  const loss = usualLossOf(baseline, segment);
  if (loss === null) return {};
  return task === 'regression' ? { mean_absolute_error: loss } : { accuracy: 1 - loss };
}

import type { MetricValues } from '../checks/profile-metrics.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';

/** What a segment's labels say of it in the reference: the error rate, or the mean absolute error of a regression; null where they do not. */
export function usualLossOf(baseline: Baseline | null, segment: string): number | null {
  const rule = baseline?.rules.find(
    (one) => one.rule === 'segment' && one.segment === segment && one.counted.of === 'errors',
  );
  const measure = rule && baseline?.reference.measures[rule.name];
  return measure?.kind === 'sides' && measure.n > 0 ? measure.sum / measure.n : null;
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

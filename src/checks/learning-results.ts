import type { Baseline } from '../domain/baseline.js';
import type { CheckName, CheckResult, CheckState } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import { OUTPUT_NAMES, type PerformanceProfile, type WindowProfile } from '../domain/profile.js';
import type { Observations } from './observe-feature.js';
import { observePerformance } from './observe-performance.js';
import { LEAST_ROWS, seriesKey } from './series.js';

/** What can be said of a window while there is nothing to hold it against: values where they need no reference, never "ok". */
export function learningResults(
  model: Model,
  baseline: Baseline | null,
  profile: WindowProfile,
): CheckResult[] {
  const names = new Set([...Object.keys(baseline?.features ?? {}), ...Object.keys(profile.features)]);
  const features = [...names].flatMap((name) => {
    const feature = profile.features[name];
    const check: CheckName = OUTPUT_NAMES.includes(name) ? 'output_drift' : 'feature_drift';
    if (!feature) return [result(check, name, 'shape', { state: 'INDETERMINATE' })];
    const nulls = feature.nulls + feature.missing;
    const state: CheckState = feature.rows < LEAST_ROWS ? 'INSUFFICIENT' : 'LEARNING';
    return [
      result(check, name, feature.kind === 'numeric' ? 'location' : 'shape', {
        state: 'LEARNING',
        n: feature.n,
      }),
      result('null_rate', name, 'rate', {
        state,
        n: feature.rows,
        value: feature.rows > 0 ? nulls / feature.rows : null,
      }),
    ];
  });
  const labels = profile.performance.labelled;
  const statistic = model.task === 'regression' ? 'mean_absolute_error' : 'error_rate';
  const isEnough = labels >= LEAST_ROWS;
  const errors = result('concept_drift', null, statistic, {
    state: isEnough ? 'LEARNING' : 'INSUFFICIENT',
    n: labels,
    value: isEnough ? errorOf(model, profile.performance, statistic) : null,
  });
  const volume = result('volume', null, 'count', {
    state: 'LEARNING',
    n: profile.predictions,
    value: profile.predictions,
  });
  return [...features, volume, errors];
}

/** An error needs no reference to be shown. */
function errorOf(model: Model, performance: PerformanceProfile, statistic: string): number | null {
  const seen: Observations = new Map();
  observePerformance(seen, model, performance);
  return seen.get(seriesKey('concept_drift', null, statistic))?.value ?? null;
}

function result(
  check: CheckName,
  feature: string | null,
  statistic: string,
  rest: Partial<CheckResult>,
): CheckResult {
  return {
    check,
    feature,
    statistic,
    value: null,
    n: 0,
    state: 'LEARNING',
    evidence: null,
    effect: null,
    since: null,
    explanation: null,
    ...rest,
  };
}

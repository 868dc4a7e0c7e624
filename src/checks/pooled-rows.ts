import type { Measure } from '../domain/measure.js';
import type { FeatureProfile, PerformanceProfile, WindowProfile } from '../domain/profile.js';
import { mergeFeatures, mergeMeasures, mergePerformance } from './merge-profiles.js';
import type { PendingRows } from './series-state.js';

/** What is looked at of a feature: its values, or its rows. Each waits until there are enough of its own. */
type PooledOf = 'drift' | 'quality';

/** Under which name labelled rows wait. */
export const LABELS = 'labels';

/** Under which name rows of a feature wait. */
export function waitingKey(of: PooledOf, feature: string): string {
  return `${of}:${feature}`;
}

/** Under which name it is known since when what a rule measured waits. */
export function ruleKey(name: string): string {
  return `rule:${name}`;
}

/** A feature's rows of a window with those that waited for it. */
export function withWaiting({ features }: PendingRows, key: string, own: FeatureProfile): FeatureProfile {
  const before = features[key];
  return before ? mergeFeatures(before, own) : own;
}

/** The labelled rows of a window with those that waited. */
export function labelsWithWaiting({ performance }: PendingRows, own: PerformanceProfile): PerformanceProfile {
  return performance ? mergePerformance(performance, own) : own;
}

/** What a rule measures of a window with what waited; undefined where there is nothing of either. */
export function measureWithWaiting(
  { measures }: PendingRows,
  name: string,
  own: Measure | undefined,
): Measure | undefined {
  const before = measures?.[name];
  return before && own ? mergeMeasures(before, own) : (own ?? before);
}

/** The rows that a finding about a feature rests on where it rests on several windows: what waited is of them. `isOfValues`: it is about values, not about rows. */
export function pooledFeature(
  pending: PendingRows | undefined,
  feature: string,
  isOfValues: boolean,
  own: FeatureProfile | undefined,
): FeatureProfile | undefined {
  if (!pending || !own) return own;
  return withWaiting(pending, waitingKey(isOfValues ? 'drift' : 'quality', feature), own);
}

/** A window with the rows of those before it that were put together with it: what a sentence about a feature, labels or a rule of several windows speaks of. */
export function pooledProfile(
  pending: PendingRows,
  profile: WindowProfile,
  {
    feature,
    isOfValues,
    rule,
  }: { readonly feature: string | null; readonly isOfValues: boolean; readonly rule: string | null },
): WindowProfile {
  const own =
    feature === null ? undefined : pooledFeature(pending, feature, isOfValues, profile.features[feature]);
  const measure = rule === null ? undefined : measureWithWaiting(pending, rule, profile.measures[rule]);
  return {
    ...profile,
    performance: labelsWithWaiting(pending, profile.performance),
    ...(feature !== null && own ? { features: { ...profile.features, [feature]: own } } : {}),
    ...(rule !== null && measure ? { measures: { ...profile.measures, [rule]: measure } } : {}),
  };
}

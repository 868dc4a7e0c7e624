import { isDrift, type CheckName } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { FeatureProfile, PerformanceProfile, WindowProfile } from '../domain/profile.js';
import { mergeFeatures, mergeMeasures, mergePerformance } from './merge-profiles.js';
import type { SeriesIdentity } from './series.js';
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

/** The rows that a finding about a feature rests on where it rests on several windows: what waited is of them. */
export function pooledFeature(
  pending: PendingRows | undefined,
  { check, feature }: { readonly check: CheckName; readonly feature: string },
  own: FeatureProfile | undefined,
): FeatureProfile | undefined {
  if (!pending || !own) return own;
  return withWaiting(pending, waitingKey(isDrift(check) ? 'drift' : 'quality', feature), own);
}

/** A window with the rows of those before it that were put together with it for a series: what a sentence about that speaks of. */
export function pooledProfile(
  pending: PendingRows,
  profile: WindowProfile,
  { check, feature, rule }: Pick<SeriesIdentity, 'check' | 'feature' | 'rule'>,
): WindowProfile {
  const { features, measures, performance } = profile;
  const own = feature === null ? undefined : pooledFeature(pending, { check, feature }, features[feature]);
  const measure = rule && measureWithWaiting(pending, rule.name, measures[rule.name]);
  return {
    ...profile,
    performance: labelsWithWaiting(pending, performance),
    ...(feature !== null && own ? { features: { ...features, [feature]: own } } : {}),
    ...(rule && measure ? { measures: { ...measures, [rule.name]: measure } } : {}),
  };
}

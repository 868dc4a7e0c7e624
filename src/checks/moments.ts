import type { FeatureBaseline } from '../domain/baseline.js';
import type { FeatureProfile, NumericProfile } from '../domain/profile.js';
import type { Moments } from './unit-change.js';

/**
 * Mean and standard deviation of a numeric feature, in its own unit; null for other kinds, without values, and where the sums were not
 * computed. `feature` is the baseline the profile was summed under.
 */
export function momentsOf(
  profile: FeatureProfile | undefined,
  feature: FeatureBaseline | undefined,
): Moments | null {
  if (profile?.kind !== 'numeric' || feature?.kind !== 'numeric') return null;
  const moments = centredMoments(profile);
  return moments && { ...moments, mean: (feature.centre ?? 0) + moments.mean };
}

/** The same with the mean as a distance from the baseline's centre. */
export function centredMoments({ n, sum, sumSquares }: NumericProfile): Moments | null {
  if (n === 0 || sum === null || sumSquares === null) return null;
  const mean = sum / n;
  return { mean, sd: Math.sqrt(Math.max(0, sumSquares / n - mean * mean)) };
}

import { momentsOf } from '../checks/moments.js';
import type { Baseline } from '../domain/baseline.js';
import type { CheckName } from '../domain/check-result.js';
import type { Verdict } from '../domain/incident.js';
import type { FeatureProfile } from '../domain/profile.js';
import { MEAN } from '../domain/statistic-text.js';

/** Findings that say that the values of a feature are others. */
const SAYS_OTHER_VALUES: ReadonlySet<CheckName> = new Set(['feature_drift', 'output_drift', 'out_of_range']);

/**
 * The verdicts with the distance of the true mean of a numeric feature, in standard deviations of the reference, beside the effects that were judged: those are
 * read off the reference's histogram, which sees no farther than its ends. Nothing is judged by it. Pure.
 */
export function withMeans(
  verdicts: readonly Verdict[],
  features: Readonly<Record<string, FeatureProfile>>,
  baseline: Baseline | null,
): readonly Verdict[] {
  return verdicts.map((verdict) => {
    const { signal, outcome, effects } = verdict;
    if (outcome !== 'breach' || signal.segment !== '' || !SAYS_OTHER_VALUES.has(signal.check)) return verdict;
    const known = baseline?.features[signal.feature ?? ''];
    const before = momentsOf(baseline?.reference.features[signal.feature ?? ''], known);
    const now = momentsOf(features[signal.feature ?? ''], known);
    if (!before || !now || before.sd === 0) return verdict;
    const mean = (now.mean - before.mean) / before.sd;
    return Number.isFinite(mean) ? { ...verdict, effects: { ...effects, [MEAN]: mean } } : verdict;
  });
}

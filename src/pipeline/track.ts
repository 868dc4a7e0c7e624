import { seriesKey } from '../checks/series.js';
import { NEED_LABELS, type CheckName, type CheckResult } from '../domain/check-result.js';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import type { Track } from '../windows/due-windows.js';

const trackOf = (rule: Constraint): Track => (rule.needsLabels === true ? 'labels' : 'inputs');

/** The track on which a check of its own is judged. */
export function trackOfCheck(check: CheckName): Track {
  return NEED_LABELS.has(check) ? 'labels' : 'inputs';
}

/** What of a profile a track may see: the inputs track must not depend on how many labels happened to be there. */
export function profileOf(track: Track, profile: WindowProfile, rules: readonly Constraint[]): WindowProfile {
  const measures = Object.fromEntries(
    rules.flatMap((rule) => {
      const measure = profile.measures[rule.name];
      return measure && trackOf(rule) === track ? [[rule.name, measure]] : [];
    }),
  );
  return track === 'inputs'
    ? { ...profile, performance: NO_LABELS, measures }
    : { ...profile, features: {}, unknownFeatures: [], measures };
}

export function resultsOf(
  track: Track,
  results: readonly CheckResult[],
  rules: readonly Constraint[],
): CheckResult[] {
  const place = ({ check, feature, statistic, segment }: CheckResult | Constraint) =>
    seriesKey(check, feature, statistic, segment);
  const ruled = new Map(rules.map((rule) => [place(rule), trackOf(rule)]));
  return results.filter((result) => {
    const own = ruled.get(place(result)) ?? trackOfCheck(result.check);
    return own === track;
  });
}

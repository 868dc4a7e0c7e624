import type { CheckName, CheckResult } from '../domain/check-result.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import type { Track } from '../windows/due-windows.js';

/** Checks that need ground truth; all others judge the window when it closes. */
const NEED_LABELS: ReadonlySet<CheckName> = new Set(['performance', 'concept_drift', 'fairness']);

/** What of a profile a track may see: the inputs track must not depend on how many labels happened to be there. */
export function profileOf(track: Track, profile: WindowProfile): WindowProfile {
  return track === 'inputs'
    ? { ...profile, performance: NO_LABELS }
    : { ...profile, features: {}, unknownFeatures: [] };
}

export function resultsOf(track: Track, results: readonly CheckResult[]): CheckResult[] {
  return results.filter((result) => NEED_LABELS.has(result.check) === (track === 'labels'));
}

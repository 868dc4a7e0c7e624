import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { FeatureProfile, WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';

/** Fewer rows than this prove nothing, even if all of them have a value. */
const LEAST_ROWS_WITHOUT_NULLS = 20;
/** So unlikely must it be that chance left out every null. */
const CHANCE = 1e-9;

const hasAll = ({ rows, nulls, missing }: Pick<FeatureProfile, 'rows' | 'nulls' | 'missing'>) =>
  rows >= LEAST_ROWS_WITHOUT_NULLS && nulls + missing === 0;

/**
 * Features that were null in part of the reference and are in none of a window's rows: somebody fills them now, with a default perhaps. Where
 * any window of the reference was so as well, by day say, it is no news. It informs: the rates judge where they can.
 */
export function vanishedNulls(
  baseline: Baseline | null,
  profile: WindowProfile,
  window: Window,
): CheckResult[] {
  if (!baseline) return [];
  return Object.entries(profile.features).flatMap(([feature, now]): CheckResult[] => {
    const share = nullShare(baseline, feature);
    if (!hasAll(now) || (1 - share) ** now.rows > CHANCE || wasSo(baseline, feature)) return [];
    const percent = Math.round(1000 * share) / 10;
    return [
      {
        check: 'null_rate',
        feature,
        statistic: 'vanished',
        value: 0,
        n: now.rows,
        state: 'NOTICE',
        evidence: null,
        effect: -100 * share,
        since: window.from,
        explanation: `none of ${now.rows} predictions is without a value; in the reference ${percent} % were`,
      },
    ];
  });
}

/** A column that never had a value is another matter: it has a series of its own. */
function nullShare({ reference }: Baseline, feature: string): number {
  const before = reference.features[feature];
  if (before === undefined || before.rows === 0 || before.n === 0) return 0;
  return (before.nulls + before.missing) / before.rows;
}

function wasSo({ windows }: Baseline, feature: string): boolean {
  return windows.some(({ profile }) => {
    const then = profile.features[feature];
    return then !== undefined && hasAll(then);
  });
}

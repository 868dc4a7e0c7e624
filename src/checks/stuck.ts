import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { FeatureProfile, WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import type { FittedBaseline } from './fitted-baseline.js';
import { isConstant, LEAST_ALIKE, type Variety } from './variety.js';
import { numberText } from '../domain/wording.js';

/** What chance is allowed to do: so unlikely that no budget is needed. */
const IMPOSSIBLE = 1e-9;
/** Rows come in clusters, and small windows are more alike: much smaller ones than the reference had are not judged. */
const OF_LEAST_ROWS = 0.5;

/**
 * Features that varied in every window of the reference and have a single value now. Deterministic: told only where that many equal
 * values are impossible by chance (p < 1e-9) at the largest share the value's bin or category ever had. Features that were constant in
 * some window are not judged at all.
 */
export function stuckResults(
  baseline: Baseline,
  fitted: FittedBaseline,
  { profile, window }: { readonly profile: WindowProfile; readonly window: Window },
): CheckResult[] {
  return Object.entries(fitted.features).flatMap(([feature, { variety }]): CheckResult[] => {
    const now = profile.features[feature];
    if (!variety || !now || now.kind !== baseline.features[feature]?.kind) return [];
    const enough = now.n >= LEAST_ALIKE && now.n >= OF_LEAST_ROWS * variety.leastRows;
    const stuck = enough && isConstant(now) && chanceOf(now, variety) < IMPOSSIBLE;
    const result = {
      check: 'stuck',
      feature,
      statistic: 'constant',
      n: now.n,
      evidence: null,
      effect: null,
    } as const;
    if (!stuck) {
      const state = enough ? 'OK' : 'INSUFFICIENT';
      return [{ ...result, value: enough ? 0 : null, state, since: null, explanation: null }];
    }
    const value = valueOf(now, baseline, feature);
    const explanation = `stuck: all ${now.n} values are ${value}; every window of the reference had several`;
    return [{ ...result, value: 1, state: 'ALERT', since: window.from, explanation }];
  });
}

/** Chance that all rows fall where they are, if each did so as often as in the most extreme reference window. */
function chanceOf(now: FeatureProfile, { topShares }: Variety): number {
  const counts = now.kind === 'numeric' ? now.bins : [...now.counts, now.other, now.fresh];
  const place = counts.findIndex((count) => count === now.n);
  return (topShares[place] ?? 1) ** now.n;
}

function valueOf(now: FeatureProfile, baseline: Baseline, feature: string): string {
  if (now.kind === 'numeric') return numberText(now.min, 6);
  const known = baseline.features[feature];
  const place = now.counts.indexOf(now.n);
  return known?.kind === 'categorical' && place >= 0 ? `"${known.categories[place] ?? ''}"` : 'one category';
}

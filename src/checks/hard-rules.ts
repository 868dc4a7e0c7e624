import type { CheckResult } from '../domain/check-result.js';
import type { FeatureProfile, WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import type { FittedBaseline } from './fitted-baseline.js';
import { schemaChange } from './schema-change.js';

/** Fewer rows than this prove nothing, even if all of them are null. */
const LEAST_RULED_ROWS = 20;
const TYPE_CHANGE = 0.5;

/** Every row is null or lacks the feature. */
export function isAllNull({ rows, n, mistyped, nulls, missing }: FeatureProfile): boolean {
  return rows >= LEAST_RULED_ROWS && n === 0 && mistyped === 0 && nulls + missing >= rows;
}

/** Half of the rows and more are of another type. */
export function isMistyped({ rows, mistyped }: FeatureProfile): boolean {
  return rows >= LEAST_RULED_ROWS && mistyped / rows >= TYPE_CHANGE;
}

/**
 * Faults that no chance explains and that therefore spend no budget: a feature that is always null, a feature that changed
 * its type. Both alert at once, also while the engine is learning. Where windows of the reference were so as well, at night say, the
 * rates know when to expect it, and the rule is silent.
 */
export function hardRules(
  profile: WindowProfile,
  window: Window,
  fitted: FittedBaseline | null,
): CheckResult[] {
  return Object.entries(profile.features).flatMap(([feature, now]): CheckResult[] => {
    const { rows, mistyped, missing } = now;
    const seen = fitted?.features[feature]?.seen;
    const base = {
      feature,
      statistic: 'rate',
      n: rows,
      state: 'ALERT',
      evidence: null,
      since: window.from,
    } as const;
    if (isMistyped(now)) {
      if (seen?.mistyped) return [];
      const value = mistyped / rows;
      const explanation = `the type changed: ${mistyped} of ${rows} values are of another type`;
      return [{ ...base, check: 'type_mismatch', value, effect: 100 * value, explanation }];
    }
    if (!isAllNull(now) || seen?.allNull) return [];
    const explanation =
      missing === rows
        ? `missing from all ${rows} predictions${schemaChange(profile, window)}`
        : `100 % null in ${rows} predictions`;
    return [{ ...base, check: 'null_rate', value: 1, effect: 100, explanation }];
  });
}

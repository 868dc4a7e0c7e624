import type { CheckResult } from '../domain/check-result.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import { schemaChange } from './schema-change.js';

/** Fewer rows than this prove nothing, even if all of them are null. */
const LEAST_ROWS = 20;
const TYPE_CHANGE = 0.5;

/**
 * Faults that no chance explains and that therefore spend no budget: a feature that is always null, a feature that changed
 * its type. Both alert at once, also while the engine is learning.
 */
export function hardRules(profile: WindowProfile, window: Window): CheckResult[] {
  return Object.entries(profile.features).flatMap(
    ([feature, { rows, n, mistyped, nulls, missing }]): CheckResult[] => {
      if (rows < LEAST_ROWS) return [];
      const base = {
        feature,
        statistic: 'rate',
        n: rows,
        state: 'ALERT',
        evidence: null,
        since: window.from,
      } as const;
      if (mistyped / rows >= TYPE_CHANGE) {
        const value = mistyped / rows;
        const explanation = `the type changed: ${mistyped} of ${rows} values are of another type`;
        return [{ ...base, check: 'type_mismatch', value, effect: 100 * value, explanation }];
      }
      if (n > 0 || mistyped > 0 || nulls + missing < rows) return [];
      const explanation =
        missing === rows
          ? `missing from all ${rows} predictions${schemaChange(profile, window)}`
          : `100 % null in ${rows} predictions`;
      return [{ ...base, check: 'null_rate', value: 1, effect: 100, explanation }];
    },
  );
}

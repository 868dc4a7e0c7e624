import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import type { FeatureBaselines } from '../domain/baseline.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import type { ConstraintKind } from './constraint-kind.js';
import { heldText, nowText, watchedBreaks } from './kept.js';
import { NOTHING } from './mining-ground.js';
import { rateSql, rateTally } from './rate.js';

/** The values of a numeric feature are whole. */
export const WHOLE: ConstraintKind<ConstraintOf<'whole'>> = {
  mine: async ({ sample, features }) => (sample ? { rules: mineWhole(features) } : NOTHING),
  onRows: {
    kind: 'rate',
    sql({ feature }, columns) {
      const x = columns.number(feature ?? '');
      return rateSql(columns.hasNumber(feature ?? ''), `${x} != round(${x})`);
    },
    tally(rule) {
      const feature = rule.feature ?? '';
      return rateTally(
        (columns) => columns.hasNumber(feature),
        (columns) => (row) => !Number.isInteger(columns.number(feature)[row]),
      );
    },
  },
  watched: (rule) => watchedBreaks(rule),
  explain: (_rule, seen) =>
    `${heldText(seen)} of the reference were whole numbers; ${nowText(seen)} have fractions`,
};

/** Numeric features whose reference values were all whole. */
function mineWhole(features: FeatureBaselines): Constraint[] {
  return Object.entries(features).flatMap(([feature, baseline]) =>
    baseline.kind === 'numeric' && baseline.integer && !OUTPUT_NAMES.includes(feature)
      ? [{ rule: 'whole', name: `whole:${feature}`, check: 'format', feature, statistic: 'whole' } as const]
      : [],
  );
}

import type { FeatureBaselines } from './profile-sql.js';
import type { Rule } from '../domain/measure.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import { LEAST_MINED_ROWS } from './mined-rule.js';
import type { ReferenceSample } from './reference-sample.js';

/** A feature with hardly a value twice is a name for its row. */
const UNIQUE = 0.999;

/** Numeric features whose reference values were all whole. */
export function mineWhole(features: FeatureBaselines): Rule[] {
  return Object.entries(features).flatMap(([feature, baseline]) =>
    baseline.kind === 'numeric' && baseline.integer && !OUTPUT_NAMES.includes(feature)
      ? [{ rule: 'whole', name: `whole:${feature}`, check: 'format', feature, statistic: 'whole' } as const]
      : [],
  );
}

/** Categorical features that name their rows: more than 99.9 % of the values are different. */
export function mineUnique({ texts }: ReferenceSample): Rule[] {
  return [...texts].flatMap(([feature, column]) => {
    const present = column.filter((text) => text !== null);
    const different = new Set(present).size;
    if (present.length < LEAST_MINED_ROWS || different <= UNIQUE * present.length) return [];
    return [distinctRule(feature)];
  });
}

/** Copies of whole rows anywhere in a window. */
export const REPEATS: Rule = {
  rule: 'repeats',
  name: 'repeats',
  check: 'duplicates',
  feature: null,
  statistic: 'same_window',
};

/** Copies of one feature within a minute, or of whole rows. */
export function distinctRule(feature: string | null): Rule {
  const name = feature === null ? 'distinct' : `distinct:${feature}`;
  return { rule: 'distinct', name, check: 'duplicates', feature, statistic: 'same_minute' };
}

import { someOf } from '../domain/wording.js';
import type { Constraint } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import { MOST_ATTRIBUTED } from '../constraints/attribution.js';
import { MOST_GROUPS } from '../constraints/groups.js';
import { indicatorsOf, MOST_COLUMNS } from '../constraints/standard-columns.js';
import { MOST_RELATIONS } from './mine-constraints.js';
import type { FeatureBaselines } from '../domain/baseline.js';
import { MOST_SAMPLED } from './reference-sample.js';

const NAMED = 10;
const PAIRS: ReadonlySet<Constraint['rule']> = new Set(['total', 'order', 'determines', 'together']);

/** Which limits a reference came up against, a sentence each: what is beyond one is not watched, and must not look as if it were. */
export function limitsReached(
  model: Pick<Model, 'protected' | 'limits'>,
  features: FeatureBaselines,
  rules: readonly Constraint[],
): string[] {
  const names = Object.keys(features).filter((name) => !OUTPUT_NAMES.includes(name));
  const count = (is: (rule: Constraint) => boolean) => rules.filter(is).length;
  const columns = indicatorsOf(features).length;
  const full = fullDictionaries(model, features);
  const grouped = model.protected.filter((attribute) => groupsOf(rules, attribute) >= MOST_GROUPS);
  return [
    names.length > MOST_SAMPLED &&
      `relations and formats are looked for in ${MOST_SAMPLED} of ${names.length} features, the first by name`,
    count(({ rule }) => PAIRS.has(rule)) >= MOST_RELATIONS &&
      `${MOST_RELATIONS} relations between features are watched, the most telling ones; weaker ones are left out`,
    columns > MOST_COLUMNS &&
      `features are judged together by ${MOST_COLUMNS} of ${columns} columns (numbers and frequent categories); every feature is judged by itself as well`,
    count(({ rule }) => rule === 'attribution') >= MOST_ATTRIBUTED &&
      `attributions of ${MOST_ATTRIBUTED} features are watched, the largest; smaller ones are left out`,
    ...grouped.map(
      (attribute) =>
        `${MOST_GROUPS} groups of "${attribute}" are watched, the largest; smaller ones are left out`,
    ),
    full.length > 0 &&
      `limits.categories (${model.limits.categories}) is reached by ${listed(full)}: rarer values of the reference are taken for new`,
  ].filter((remark) => remark !== false);
}

function groupsOf(rules: readonly Constraint[], attribute: string): number {
  const groups = rules.flatMap((rule) =>
    rule.rule === 'selection' && rule.attribute === attribute ? [rule.group] : [],
  );
  return new Set(groups).size;
}

function fullDictionaries({ limits }: Pick<Model, 'limits'>, features: FeatureBaselines): string[] {
  return Object.entries(features).flatMap(([name, feature]) =>
    feature.kind === 'categorical' && feature.tail.length > 0 && feature.tail.length >= limits.categories
      ? [name]
      : [],
  );
}

function listed(names: readonly string[]): string {
  return someOf(
    names.map((name) => `"${name}"`),
    NAMED,
  );
}

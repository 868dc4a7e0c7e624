import { kindOf } from '../constraints/catalogue.js';
import type { Constraint } from '../domain/constraint.js';
import type { ExplainContext } from './explain-context.js';
import { movedFeatures, movedPair } from './moved-features.js';

/** The features that make what many show together what it is, the strongest first; none where it is about one feature or cannot be said. */
export function carriersOf(rule: Constraint, context: ExplainContext): readonly string[] {
  const moved = {
    features: (columns: Parameters<typeof movedFeatures>[0]) => movedFeatures(columns, context),
    pair: () => movedPair(context),
  };
  return kindOf(rule).carriers?.(rule, context.profile.measures[rule.name], moved) ?? [];
}

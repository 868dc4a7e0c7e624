import type { Rule, RuleOf } from '../domain/measure.js';
import type { ExplainContext } from './explain-context.js';
import { movedFeatures, movedPair } from './moved-features.js';

/** The features that make what many show together what it is, the strongest first; none where it is about one feature or cannot be said. */
export function carriersOf(rule: Rule, context: ExplainContext): readonly string[] {
  switch (rule.rule) {
    case 'correlation':
      return [rule.a.feature, rule.b.feature];
    case 'component':
      return responsible(rule, context);
    case 'classifier': {
      const now = context.profile.measures[rule.name];
      return now?.kind === 'value' ? (now.leading ?? []) : [];
    }
    default:
      return [];
  }
}

/** The features that most likely moved a distance: a pair that goes together in another way, or what moved by itself. */
function responsible(rule: RuleOf<'component'>, context: ExplainContext): readonly string[] {
  const pair = rule.part === 'residual' ? movedPair(context) : [];
  return pair.length > 0 ? pair : movedFeatures(rule.columns, context);
}

import { kindOf } from '../constraints/catalogue.js';
import type { Constraint } from '../domain/constraint.js';
import { carriersOf } from './carriers.js';
import type { ExplainContext } from './explain-context.js';

/** What a window shows of a constraint, as a person reads it, over so many rows, and what was expected of it on the tested scale. */
interface Shown {
  readonly value: number;
  readonly n: number;
  readonly expected: number;
}

/** One sentence about a constraint that a window keeps less than the reference, or in another way. */
export function explainRule(rule: Constraint, shown: Shown, context: ExplainContext): string {
  return kindOf(rule).explain(rule, {
    ...shown,
    before: context.baseline.reference.measures[rule.name],
    now: context.profile.measures[rule.name],
    carriers: carriersOf(rule, context),
  });
}

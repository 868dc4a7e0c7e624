import type { Constraint, ConstraintOf } from './constraint.js';

/** The rule that counts the calls that are slow or failed: by a target of the model file, or by the reference. Undefined where nothing counts them. */
export function callRule(
  rules: readonly Constraint[],
  { part, ofTarget }: { readonly part: 'slow' | 'failed'; readonly ofTarget: boolean },
): ConstraintOf<'calls'> | undefined {
  const own = rules.filter((one) => one.rule === 'calls');
  // A target of times has a rule of its own where the reference's times are known, and was the only limit of references that were frozen before that.
  const target = ofTarget && part === 'slow' ? own.find((one) => one.part === 'target') : undefined;
  return target ?? own.find((one) => one.part === part);
}

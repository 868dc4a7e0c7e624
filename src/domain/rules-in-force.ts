import type { Baseline } from './baseline.js';
import { expectationRules } from './expectation.js';
import type { Rule } from './measure.js';
import type { Model } from './model.js';

/**
 * The rules that rows are measured by and windows are judged by: what a reference taught, and what the model file says now. What a person expects
 * is no guess of a reference, so it holds from when it is written until it is taken back, and before there is a reference.
 */
export function rulesInForce(
  { expectations }: Pick<Model, 'expectations'>,
  baseline: Pick<Baseline, 'rules'> | null | undefined,
): readonly Rule[] {
  const rules = baseline?.rules ?? [];
  const written = expectationRules(expectations);
  const frozen = rules.filter(({ rule }) => rule === 'expectation');
  const isSame = frozen.length === written.length && frozen.every(({ name }, i) => name === written[i]?.name);
  return isSame ? rules : [...rules.filter(({ rule }) => rule !== 'expectation'), ...written];
}

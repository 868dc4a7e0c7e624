import type { Baseline } from './baseline.js';
import { costRules } from './cost-rule.js';
import { expectationRules } from './expectation.js';
import type { Constraint } from './constraint.js';
import type { Model } from './model.js';

/**
 * The rules that rows are measured by and windows are judged by: what a reference taught, and what the model file says now. What a person expects
 * of rows, and what wrong answers cost, is no guess of a reference, so it holds from when it is written until it is taken back, and before there is a reference.
 */
export function rulesInForce(
  model: Pick<Model, 'expectations' | 'task' | 'costs'>,
  baseline: Pick<Baseline, 'rules'> | null | undefined,
): readonly Constraint[] {
  const rules = baseline?.rules ?? [];
  const written = writtenRules(model);
  const frozen = rules.filter(isWritten);
  const isSame = frozen.length === written.length && frozen.every(({ name }, i) => name === written[i]?.name);
  return isSame ? rules : [...rules.filter((rule) => !isWritten(rule)), ...written];
}

/** Rules that a person wrote into the model file. */
export function writtenRules(model: Pick<Model, 'expectations' | 'task' | 'costs'>): readonly Constraint[] {
  return [...expectationRules(model.expectations), ...costRules(model)];
}

function isWritten({ rule }: Constraint): boolean {
  return rule === 'expectation' || rule === 'cost';
}

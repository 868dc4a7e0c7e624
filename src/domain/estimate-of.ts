import type { Constraint, ConstraintOf } from './constraint.js';

/** A rule of what is expected of answers without their labels, and of how far labels are from it. */
export type EstimateRule = ConstraintOf<'estimate' | 'estimate_gap'>;

/** Labelled rows from which answers are calibrated. */
export const LEAST_CALIBRATED = 500;

export function isEstimateRule(rule: Constraint): rule is EstimateRule {
  return rule.rule === 'estimate' || rule.rule === 'estimate_gap';
}

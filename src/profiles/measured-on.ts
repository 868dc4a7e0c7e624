import type { Constraint } from '../domain/constraint.js';

/** Rows on which rules are measured: those with labels, all answers, or all calls. */
export type MeasuredOn = 'labels' | 'answers' | 'calls';

/** Which rows a rule is measured on. */
export function measuredOn(rule: Constraint): MeasuredOn {
  if (rule.needsLabels === true) return 'labels';
  const isOfCalls = rule.rule === 'calls' || (rule.rule === 'segment' && rule.counted.of === 'slow');
  return isOfCalls ? 'calls' : 'answers';
}

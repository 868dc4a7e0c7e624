import type { Constraint } from '../domain/constraint.js';

/** Rows on which rules are measured: those with labels, all answers, or all calls. */
export type MeasuredOn = 'labels' | 'answers' | 'calls';

/** Which rows a rule is measured on. */
export function measuredOn({ needsLabels, rule }: Constraint): MeasuredOn {
  return needsLabels === true ? 'labels' : rule === 'calls' ? 'calls' : 'answers';
}

import type { Constraint } from '../domain/constraint.js';

/** Rows on which rules are measured: those with labels, all answers, or all calls. */
export type MeasuredOn = 'labels' | 'answers' | 'calls';

/** Which rows a rule is measured on. */
export function measuredOn(rule: Constraint): MeasuredOn {
  if (rule.needsLabels === true) return 'labels';
  return callsOf(rule) === null ? 'answers' : 'calls';
}

/** What of calls a rule is about: that they fail, or how long they take; null where it is about none. */
export function callsOf(rule: Constraint): 'failed' | 'slow' | null {
  if (rule.rule === 'calls') return rule.part === 'failed' ? 'failed' : 'slow';
  const of = rule.rule === 'segment' ? rule.counted.of : null;
  return of === 'failed' || of === 'slow' ? of : null;
}

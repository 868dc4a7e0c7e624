import type { CheckState } from './check-result.js';

/**
 * States by how loud they are: of several results the first of these stands for all of them, be it for a feature, a segment, a metric or a window. What somebody has to see to is before
 * what is well, that before what no statement was made of, and last what nothing is held against. Results are recorded in this order: it does not change.
 */
export const LOUDEST_FIRST: readonly CheckState[] = [
  'ALERT',
  'NOTICE',
  'OK',
  'INSUFFICIENT',
  'LEARNING',
  'INDETERMINATE',
  'NOT_JUDGED',
  'NOT_APPLICABLE',
];

/** Orders states, the loudest first. */
export function byLoudness(a: CheckState, b: CheckState): number {
  return LOUDEST_FIRST.indexOf(a) - LOUDEST_FIRST.indexOf(b);
}

/** The loudest of states; `NOT_JUDGED` of none. */
export function loudestOf(states: readonly CheckState[]): CheckState {
  return states.toSorted(byLoudness)[0] ?? 'NOT_JUDGED';
}

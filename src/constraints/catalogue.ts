import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import { ARRIVES } from './arrives.js';
import { ATTRIBUTION } from './attribution.js';
import { CALLS } from './calls.js';
import { CLASSIFIER } from './classifier.js';
import { COMPONENT } from './component.js';
import type { ConstraintKind } from './constraint-kind.js';
import { COST } from './cost.js';
import { CORRELATION } from './correlation.js';
import { DETERMINES } from './determines.js';
import { DISTINCT } from './distinct.js';
import { ESTIMATE } from './estimate.js';
import { ESTIMATE_GAP } from './estimate-gap.js';
import { EXPECTATION } from './expectation.js';
import { FORMAT } from './format.js';
import { GROUP_CALIBRATION } from './group-calibration.js';
import { ORDER } from './order.js';
import { REPEATS } from './repeats.js';
import { SEGMENT } from './segment.js';
import { SELECTION } from './selection.js';
import { TOGETHER } from './together.js';
import { TOTAL } from './total.js';
import { WHOLE } from './whole.js';

/** Everything that a reference can teach of its rows, in the order in which it is learnt and frozen: the only list of kinds. */
const KINDS: { readonly [Type in Constraint['rule']]: ConstraintKind<ConstraintOf<Type>> } = {
  total: TOTAL,
  determines: DETERMINES,
  together: TOGETHER,
  order: ORDER,
  format: FORMAT,
  whole: WHOLE,
  distinct: DISTINCT,
  repeats: REPEATS,
  arrives: ARRIVES,
  correlation: CORRELATION,
  component: COMPONENT,
  selection: SELECTION,
  group_calibration: GROUP_CALIBRATION,
  attribution: ATTRIBUTION,
  estimate: ESTIMATE,
  estimate_gap: ESTIMATE_GAP,
  calls: CALLS,
  segment: SEGMENT,
  expectation: EXPECTATION,
  cost: COST,
  classifier: CLASSIFIER,
};

/** The kind of a constraint. */
export function kindOf(rule: Constraint): ConstraintKind<Constraint> {
  return KINDS[rule.rule];
}

/** All kinds, in the order in which they are learnt. */
export const ALL_KINDS: readonly ConstraintKind<Constraint>[] = Object.values(KINDS);

import type { ConstraintOf } from '../domain/constraint.js';
import { numberText } from '../domain/wording.js';
import type { ConstraintKind } from './constraint-kind.js';
import { byText } from './mean-text.js';
import { TOGETHER_UNIT } from './standard-columns.js';

/** Part of the unit. */
const PART = 0.4;
/** Of an area under the curve. */
const TOLD_APART = { unit: 'scale', size: 0.02 } as const;

/** Can a classifier tell the rows of a window from a frozen sample of the reference? Frozen and computed on samples: `profiles/classifiers.ts`. */
export const CLASSIFIER: ConstraintKind<ConstraintOf<'classifier'>> = {
  onRows: null,
  watched: () => ({ ...TOGETHER_UNIT, weight: PART, signs: [1], relevance: TOLD_APART }),
  explain: (_rule, { value, carriers }) =>
    `a classifier tells this window from the reference (AUC ${numberText(value)})${byText(carriers)}`,
  carriers: (_rule, now) => (now?.kind === 'value' ? (now.leading ?? []) : []),
  leavesWindowsOut: true,
};

import { expectationRules } from '../domain/expectation.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { breaks, isAsked } from './expectation-tally.js';
import { brokenSql } from './expectation-sql.js';
import type { ConstraintKind } from './constraint-kind.js';
import { explainBreaks } from './kept.js';
import { rateSql, rateTally } from './rate.js';

/** What the model file says of rows. Judged window by window as it is written: nothing is learnt of it. */
export const EXPECTATION: ConstraintKind<ConstraintOf<'expectation'>> = {
  mine: async ({ model }) => ({ rules: expectationRules(model.expectations) }),
  onRows: {
    kind: 'rate',
    sql({ condition }, columns) {
      const { asked, broken } = brokenSql(condition, columns);
      return rateSql(asked, broken);
    },
    tally: ({ condition }) =>
      rateTally(
        (columns) => isAsked(condition, columns),
        (columns) => breaks(condition, columns),
      ),
  },
  watched: () => null,
  explain: explainBreaks,
};

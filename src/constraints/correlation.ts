import type { ConstraintOf } from '../domain/constraint.js';
import { CORRELATIONS } from '../domain/multivariate-rule.js';
import { numberText } from '../domain/wording.js';
import { pearson } from '../stats/correlation-component.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { mineMultivariate } from './mine-together.js';
import { plus } from './rate.js';
import type { RowColumns } from './row-columns.js';
import { present, standardised, TOGETHER_UNIT } from './standard-columns.js';

/** All correlations together are this part of the unit. */
const PART = 0.3;
/** On Fisher's scale. */
const CHANGED = { unit: 'scale', size: 0.05 } as const;

/** The correlation of two numeric features; the principal directions of all are learnt with it. */
export const CORRELATION: ConstraintKind<ConstraintOf<'correlation'>> = {
  mine: mineMultivariate,
  onRows: { kind: 'pair', sql: correlationSql, tally: correlationTally, every: ({ every }) => every },
  watched: () => ({ ...TOGETHER_UNIT, weight: PART / CORRELATIONS, signs: [1, -1], relevance: CHANGED }),
  explain({ a, b }, { value, before }) {
    const usual = before?.kind === 'pair' ? pearson(before) : null;
    return `the correlation of ${a.feature} and ${b.feature} is ${numberText(value)}, ${usual === null ? 'unknown' : numberText(usual)} in the reference`;
  },
  carriers: ({ a, b }) => [a.feature, b.feature],
  told: Math.tanh,
};

/** Sums of products over the rows that have both values. */
function correlationSql({ a, b }: ConstraintOf<'correlation'>, columns: RowColumns): readonly string[] {
  const [x, y] = [standardised(a, columns), standardised(b, columns)];
  const both = columns.of(`${present(a, columns)} AND ${present(b, columns)}`);
  const over = (value: string) => `sumIf(${value}, ${both})`;
  // An absent value is 0, so the sum of the products needs no condition.
  return [`countIf(${both})`, over(x), over(y), over(`${x} * ${x}`), over(`${y} * ${y}`), `sum(${x} * ${y})`];
}

function correlationTally({ a, b }: ConstraintOf<'correlation'>): Add {
  return (columns, rows, sums) => {
    if (!columns.isPresent(a) || !columns.isPresent(b)) return; // an absent value is 0, and so is the product
    const [x, y] = [columns.standardised(a), columns.standardised(b)];
    for (const row of rows) {
      const [p, q] = [x[row] ?? 0, y[row] ?? 0];
      [1, p, q, p * p, q * q, p * q].forEach((part, i) => plus(sums, i, part));
    }
  };
}

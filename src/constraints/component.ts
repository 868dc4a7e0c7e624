import type { ConstraintOf } from '../domain/constraint.js';
import { numberText } from '../domain/wording.js';
import { numberLiteral } from '../store/sql-text.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { byText, meanText } from './mean-text.js';
import { plusNumber } from './rate.js';
import type { RowColumns } from './row-columns.js';
import { numbers, standardised, TOGETHER_UNIT } from './standard-columns.js';

/** Each of the two distances is this part of the unit. */
const PART = 0.15;
/** Of the mean distance. */
const FARTHER = { unit: 'relative', size: 0.02 } as const;

/** How far rows are from the directions in which the reference varies, or how far out along them. */
export const COMPONENT: ConstraintKind<ConstraintOf<'component'>> = {
  onRows: { kind: 'mean', sql: componentSql, tally: componentTally, every: ({ every }) => every },
  watched: () => ({ ...TOGETHER_UNIT, weight: PART, signs: [1], relevance: FARTHER }),
  explain: ({ part }, { value, before, carriers }) =>
    `rows are ${part === 'residual' ? 'off the directions' : 'farther out along the directions'} in which the reference varies: ${numberText(value)} on average, ${meanText(before)} in the reference${byText(carriers)}`,
  carriers({ part, columns }, _now, moved) {
    const pair = part === 'residual' ? moved.pair() : [];
    return pair.length > 0 ? pair : moved.features(columns);
  },
};

/** As dot products. */
function componentSql(rule: ConstraintOf<'component'>, columns: RowColumns): readonly string[] {
  const z = columns.of(`[${rule.columns.map((column) => standardised(column, columns)).join(', ')}]`);
  const scores = rule.directions.map((direction) =>
    columns.of(`arrayDotProduct(${z}, ${numbers(direction)})`),
  );
  const distance =
    rule.part === 'residual'
      ? `sqrt(greatest(0., arrayDotProduct(${z}, ${z})${scores.map((score) => ` - ${score} * ${score}`).join('')}))`
      : scores
          .map((score, k) => `${score} * ${score} / ${numberLiteral(rule.variances[k] ?? 1)}`)
          .join(' + ');
  const value = columns.of(distance);
  return ['count()', `sum(${value})`, `sum(${value} * ${value})`];
}

function componentTally({ part, columns: of, directions, variances }: ConstraintOf<'component'>): Add {
  return (columns, rows, sums) => {
    const z = of.map((column) => columns.standardised(column));
    const along = (direction: readonly number[], row: number) =>
      z.reduce((sum, values, i) => sum + (values[row] ?? 0) * (direction[i] ?? 0), 0);
    for (const row of rows) {
      const scores = directions.map((direction) => along(direction, row));
      const length = z.reduce((sum, values) => sum + (values[row] ?? 0) ** 2, 0);
      const off = () => scores.reduce((left, score) => left - score * score, length);
      const value =
        part === 'residual'
          ? Math.sqrt(Math.max(0, off()))
          : scores.reduce((sum, score, k) => sum + (score * score) / (variances[k] ?? 1), 0);
      plusNumber(sums, value);
    }
  };
}

import type { RuleOf } from '../domain/measure.js';
import { type Column, FARTHEST } from '../domain/multivariate-rule.js';
import { literal, numberLiteral } from './profile-sql.js';
import type { MeasureSums, RowColumns } from './row-columns.js';

/** The value of a row in standard deviations of the reference, cut off where it is wild; 0, the average, where it is absent. */
function standardised(column: Column, columns: RowColumns): string {
  const [mean, sd] = [numberLiteral(column.mean), numberLiteral(column.sd)];
  const within = (x: string) => `greatest(-${FARTHEST}., least(${FARTHEST}., (${x} - ${mean}) / ${sd}))`;
  const { feature } = column;
  if (column.kind === 'numeric')
    return columns.of(`if(${columns.hasNumber(feature)}, ${within(columns.number(feature))}, 0.)`);
  const shares = `transform(toString(${columns.text(feature)}), [${column.values.map(literal).join(', ')}], ${numbers(column.shares)}, 0.)`;
  return columns.of(`if(${columns.hasText(feature)}, ${within(shares)}, 0.)`);
}

function numbers(values: readonly number[]): string {
  return `CAST([${values.join(', ')}], 'Array(Float64)')`;
}

const total = (x: string) => `sum(${x})`;

/** Sums of products over the rows that have both values. */
export function correlationSums({ a, b }: RuleOf<'correlation'>, columns: RowColumns): MeasureSums {
  const [x, y] = [standardised(a, columns), standardised(b, columns)];
  const both = columns.of(`${present(a, columns)} AND ${present(b, columns)}`);
  const over = (value: string) => `sumIf(${value}, ${both})`;
  // An absent value is 0, so the sum of the products needs no condition.
  return {
    kind: 'pair',
    sums: [
      `countIf(${both})`,
      over(x),
      over(y),
      over(`${x} * ${x}`),
      over(`${y} * ${y}`),
      total(`${x} * ${y}`),
    ],
  };
}

function present({ kind, feature }: Column, columns: RowColumns): string {
  return kind === 'numeric' ? columns.hasNumber(feature) : columns.hasText(feature);
}

/** Distance of every row from the principal directions, or Hotelling's T² along them, as dot products. */
export function componentSums(rule: RuleOf<'component'>, columns: RowColumns): MeasureSums {
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
  return { kind: 'mean', sums: ['count()', total(value), total(`${value} * ${value}`)] };
}

/** The feature's part of |attribution| in the rows that carry attributions. */
export function attributionSums({ of }: RuleOf<'attribution'>, columns: RowColumns): MeasureSums {
  const whole = columns.of('arraySum(x -> abs(x), mapValues(attributions))');
  const share = columns.of(`if(${whole} > 0, abs(attributions[${literal(of)}]) / ${whole}, 0.)`);
  return {
    kind: 'mean',
    sums: [`countIf(${whole} > 0)`, total(share), total(`${share} * ${share}`)],
  };
}

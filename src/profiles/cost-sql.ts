import { costOf, pairsOf } from '../domain/cost-rule.js';
import type { RuleOf } from '../domain/measure.js';
import { labelledPlaces } from './answer-tally.js';
import type { BlockColumns } from './block-columns.js';
import { literal, numberLiteral } from './profile-sql.js';
import type { MeasureSums, RowColumns } from './row-columns.js';

/** Sums of what answers of rows with labels cost. */
export function costSums(rule: RuleOf<'cost'>, columns: RowColumns): MeasureSums {
  const known = columns.of('toUInt8(labelled)');
  const pairs = pairsOf(rule);
  const places = pairs
    .map(({ actual, answered }) => `'${escaped(actual)}\\0${escaped(answered)}'`)
    .join(', ');
  const costs = pairs.map(({ cost }) => numberLiteral(cost)).join(', ');
  const other = `if(label = actual, 0., ${numberLiteral(rule.mistake)})`;
  const cost = columns.of(
    `if(labelled, transform(concat(toString(actual), '\\0', toString(label)), [${places}], CAST([${costs}], 'Array(Float64)'), toFloat64(${other})), 0.)`,
  );
  return { kind: 'mean', sums: [`countIf(${known})`, `sum(${cost})`, `sum(${cost} * ${cost})`] };
}

/** A text as it stands within an SQL literal. */
function escaped(text: string): string {
  return literal(text).slice(1, -1);
}

/** The same over the rows of a block. */
export function tallyCost(rule: RuleOf<'cost'>) {
  return ({ block }: BlockColumns, rows: readonly number[], sums: number[]): void => {
    const places = labelledPlaces(block);
    for (const row of rows) {
      if (places[row] === undefined) continue;
      const cost = costOf(rule, block.actual[row] ?? '', block.label[row] ?? '');
      [1, cost, cost * cost].forEach((part, i) => (sums[i] = (sums[i] ?? 0) + part));
    }
  };
}

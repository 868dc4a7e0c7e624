import { costOf, costRules, pairsOf } from '../domain/cost-rule.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { literal, numberLiteral } from '../store/sql-text.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { labelledPlaces } from './estimator-tally.js';
import { explainBreaks } from './kept.js';
import { plusNumber } from './rate.js';
import type { RowColumns } from './row-columns.js';

/** What the answers of rows with labels cost, where that depends on which class was taken for which. Policies judge it as it is. */
export const COST: ConstraintKind<ConstraintOf<'cost'>> = {
  mine: async ({ model }) => ({ rules: costRules(model) }),
  onRows: { kind: 'mean', sql: costSql, tally: costTally },
  watched: () => null,
  explain: explainBreaks,
};

function costSql(rule: ConstraintOf<'cost'>, columns: RowColumns): readonly string[] {
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
  return [`countIf(${known})`, `sum(${cost})`, `sum(${cost} * ${cost})`];
}

/** A text as it stands within an SQL literal. */
function escaped(text: string): string {
  return literal(text).slice(1, -1);
}

function costTally(rule: ConstraintOf<'cost'>): Add {
  return ({ block }, rows, sums) => {
    const places = labelledPlaces(block);
    for (const row of rows) {
      if (places[row] === undefined) continue;
      const cost = costOf(rule, block.actual[row] ?? '', block.label[row] ?? '');
      plusNumber(sums, cost);
    }
  };
}

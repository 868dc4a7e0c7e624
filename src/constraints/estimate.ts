import type { ConstraintOf } from '../domain/constraint.js';
import type { Watched } from '../domain/watched-series.js';
import { numberText } from '../domain/wording.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { mineEstimates } from './estimator.js';
import { expectedLoss, isThere, saysPositive } from './estimator-sql.js';
import { expectedLoss as lossOfRows, saysPositive as isPositive } from './estimator-tally.js';
import { meanText } from './mean-text.js';
import { plus } from './rate.js';
import type { RowColumns } from './row-columns.js';

/** The loss that is expected of the rows of a window before their labels come; what labels then show beside it is learnt with it. */
export const ESTIMATE: ConstraintKind<ConstraintOf<'estimate'>> = {
  mine: mineEstimates,
  onRows: { kind: 'estimate', sql: estimateSql, tally: estimateTally },
  carried: ({ estimator }) => (estimator.kind === 'multiclass' ? 'scores' : null),
  watched: ({ estimator }) => watchedLoss(estimator, [1]),
  explain: ({ statistic }, { value, before }) =>
    `${statistic.replaceAll('_', ' ')} is expected to be ${numberText(value)} by the answers alone, ${meanText(before)} in the reference: no label is in it`,
};

/** A percentage point of errors; of an absolute error two hundredths of the usual one. */
const PERCENTAGE_POINT = 0.01;
const RELATIVE = 0.02;

/** How a loss that is expected is watched: with what labels show beside it, one part of the family's budget. */
export function watchedLoss(
  estimator: ConstraintOf<'estimate'>['estimator'],
  signs: Watched['signs'],
): Watched {
  const size =
    estimator.kind === 'regression' ? RELATIVE * (estimator.nodes[0]?.loss ?? 0) : PERCENTAGE_POINT;
  return { family: 'performance', unit: 'estimate', weight: 1, signs, relevance: { unit: 'scale', size } };
}

/** Sums of the loss that is expected of rows; of a binary model also the cells of its confusion matrix. */
function estimateSql({ estimator }: ConstraintOf<'estimate'>, columns: RowColumns): readonly string[] {
  const there = columns.of(`toUInt8(${isThere(estimator)})`);
  const loss = columns.of(`if(${there}, ${expectedLoss(estimator, columns)}, 0.)`);
  const said = columns.of(`toUInt8(${there} AND ${saysPositive(estimator)})`);
  const over = (value: string) => `sumIf(${value}, ${said})`;
  return [
    `countIf(${there})`,
    `sum(${loss})`,
    `sum(${loss} * ${loss})`,
    `countIf(${said})`,
    over(loss),
    over(`${loss} * ${loss}`),
  ];
}

/** The same sums of the rows of blocks. */
function estimateTally({ estimator }: ConstraintOf<'estimate'>): Add {
  const lossOf = lossOfRows(estimator);
  return (columns, rows, sums) => {
    for (const row of rows) {
      const loss = lossOf(columns, row);
      if (loss === null) continue;
      const said = estimator.kind === 'binary' && isPositive(estimator.positive, columns.block, row) ? 1 : 0;
      [1, loss, loss * loss, said, said * loss, said * loss * loss].forEach((part, i) => plus(sums, i, part));
    }
  };
}

import type { ConstraintOf } from '../domain/constraint.js';
import { numberText } from '../domain/wording.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { watchedLoss } from './estimate.js';
import { expectedLoss, isKnown, isThere, realisedLoss } from './estimator-sql.js';
import { expectedLoss as lossOfRows, labelledPlaces, realisedLoss as lossShown } from './estimator-tally.js';
import { meanText } from './mean-text.js';
import { plusNumber } from './rate.js';
import type { RowColumns } from './row-columns.js';

/** What labels showed less what was expected of the same rows: where it moves, what the reference taught no longer holds. */
export const ESTIMATE_GAP: ConstraintKind<ConstraintOf<'estimate_gap'>> = {
  onRows: { kind: 'mean', sql: gapSql, tally: gapTally },
  carried: ({ estimator }) => (estimator.kind === 'multiclass' ? 'scores' : null),
  watched: ({ estimator }) => watchedLoss(estimator, [1, -1]),
  explain: (_rule, { value, before }) =>
    `labels show ${numberText(Math.abs(value))} ${value < 0 ? 'less' : 'more'} loss than the answers let expect, ${meanText(before)} in the reference`,
};

/** Realised loss less expected loss of the labelled rows. */
function gapSql({ estimator }: ConstraintOf<'estimate_gap'>, columns: RowColumns): readonly string[] {
  const known = columns.of(`toUInt8(labelled AND ${isThere(estimator)} AND ${isKnown(estimator)})`);
  const gap = columns.of(
    `if(${known}, ${realisedLoss(estimator)} - (${expectedLoss(estimator, columns)}), 0.)`,
  );
  return [`countIf(${known})`, `sum(${gap})`, `sum(${gap} * ${gap})`];
}

/** Realised loss less expected loss of the labelled rows. */
function gapTally({ estimator }: ConstraintOf<'estimate_gap'>): Add {
  const lossOf = lossOfRows(estimator);
  return (columns, rows, sums) => {
    const places = labelledPlaces(columns.block);
    for (const row of rows) {
      const place = places[row];
      const expected = place === undefined ? null : lossOf(columns, row);
      if (expected === null || place === undefined) continue;
      const gap = lossShown(estimator, columns.block, { row, place }) - expected;
      if (Number.isNaN(gap)) continue;
      plusNumber(sums, gap);
    }
  };
}

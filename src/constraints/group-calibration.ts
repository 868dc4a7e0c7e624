import { LEAST_GROUP } from '../domain/group-rule.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { numberText } from '../domain/wording.js';
import { literal } from '../store/sql-text.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { members } from './groups.js';
import { meanText } from './mean-text.js';
import type { RowBlock } from './row-block.js';
import type { RowColumns } from './row-columns.js';
import { plusNumber } from './rate.js';

/** A percentage point of a mean. */
const POINT = { unit: 'scale', size: 0.01 } as const;

/** Mean of truth minus score in a group: 0 where the model's probabilities hold for it. */
export const GROUP_CALIBRATION: ConstraintKind<ConstraintOf<'group_calibration'>> = {
  onRows: { kind: 'mean', sql: calibrationSql, tally: calibrationTally },
  carried: () => 'protected',
  watched: () => ({ family: 'fairness', weight: 1, signs: [1, -1], relevance: POINT }),
  explain: (_rule, { value, before }) =>
    `outcomes of the group differ from their scores by ${numberText(value)} on average, ${meanText(before)} in the reference`,
  leastRows: () => LEAST_GROUP,
};

/** Truth minus score of the group's labelled rows. */
function calibrationSql(rule: ConstraintOf<'group_calibration'>, columns: RowColumns): readonly string[] {
  const asked = columns.of('toUInt8(labelled AND NOT isNaN(score))');
  const error = columns.of(`(actual = ${literal(rule.outcome)}) - ifNotFinite(score, 0)`);
  const rows = `${asked} AND ${members(rule, columns).own}`;
  return [`countIf(${rows})`, `sumIf(${error}, ${rows})`, `sumIf(${error} * ${error}, ${rows})`];
}

function calibrationTally(rule: ConstraintOf<'group_calibration'>): Add {
  return ({ block }, rows, sums) => {
    for (const row of rows)
      if ((block.protected[row]?.[rule.attribute] ?? '') === rule.group) calibrate(rule, block, row, sums);
  };
}

function calibrate(
  { outcome }: ConstraintOf<'group_calibration'>,
  block: RowBlock,
  row: number,
  sums: number[],
): void {
  const score = block.score[row] ?? null;
  if (!block.labelled[row] || score === null) return;
  const error = Number(block.actual[row] === outcome) - score;
  plusNumber(sums, error);
}

import type { RuleOf } from '../domain/measure.js';
import type { BlockColumns } from './block-columns.js';
import type { RowBlock } from './row-blocks.js';

type GroupRule = RuleOf<'selection'> | RuleOf<'group_calibration'>;
type Add = (columns: BlockColumns, rows: readonly number[], sums: number[]) => void;

/** What the rows say of a group and of the others, added to the sums of its rule: as {@link ./group-sql.js} has the engine do it. */
export function tallyGroup(rule: GroupRule): Add {
  return ({ block }, rows, sums) => {
    for (const row of rows) {
      const value = block.protected[row]?.[rule.attribute] ?? '';
      if (rule.rule === 'selection') select(rule, block, { row, value }, sums);
      else if (value === rule.group) calibrate(rule, block, row, sums);
    }
  };
}

interface Member {
  readonly row: number;
  readonly value: string;
}

function select(rule: RuleOf<'selection'>, block: RowBlock, { row, value }: Member, sums: number[]): void {
  if (value === '' || !isAsked(rule, block, row)) return;
  const place = value === rule.group ? 0 : 2;
  if (isGiven(rule, block, row)) sums[place] = (sums[place] ?? 0) + 1;
  sums[place + 1] = (sums[place + 1] ?? 0) + 1;
}

function isAsked(rule: RuleOf<'selection'>, block: RowBlock, row: number): boolean {
  const hasScore = rule.byScore && (block.score[row] ?? null) !== null;
  if (block.label[row] === '' && !hasScore) return false;
  if (rule.among === 'all') return true;
  if (!block.labelled[row]) return false;
  const deserves = (block.actual[row] === rule.outcome) !== rule.otherwise;
  return deserves === (rule.among === 'deserving');
}

function isGiven(
  { outcome, otherwise, byScore }: RuleOf<'selection'>,
  block: RowBlock,
  row: number,
): boolean {
  const label = block.label[row] ?? '';
  const said = byScore && label === '' ? (block.score[row] ?? NaN) >= 0.5 : label === outcome;
  return said !== otherwise;
}

function calibrate(
  { outcome }: RuleOf<'group_calibration'>,
  block: RowBlock,
  row: number,
  sums: number[],
): void {
  const score = block.score[row] ?? null;
  if (!block.labelled[row] || score === null) return;
  const error = Number(block.actual[row] === outcome) - score;
  [1, error, error * error].forEach((each, i) => (sums[i] = (sums[i] ?? 0) + each));
}

import { BlockColumns } from '../constraints/block-columns.js';
import { kindOf } from '../constraints/catalogue.js';
import { SUMS, type MeasureCounts } from '../constraints/measure-sums.js';
import type { RowBlock } from '../constraints/row-block.js';
import { tallySegments } from '../constraints/segment-tally.js';
import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import { everyOf } from './measure-sql.js';

/**
 * Every rule over the rows of one minute: the same sums as `measureSelect` makes in the engine. A rule that no row of the minute is looked at for is
 * absent, as it is there.
 */
export function tallyMeasures(
  rules: readonly Constraint[],
  columns: readonly BlockColumns[],
): readonly MeasureCounts[] {
  const chosen = new Map<number, readonly (readonly number[])[]>();
  const segments = rules.filter((rule): rule is ConstraintOf<'segment'> => rule.rule === 'segment');
  const counts = rules.flatMap((rule) => {
    const { onRows } = kindOf(rule);
    if (!onRows) return [];
    const every = everyOf(rule);
    const rows = chosen.get(every) ?? columns.map(({ block }) => rowsLookedAt(block, every));
    chosen.set(every, rows);
    if (rows.every((some) => some.length === 0)) return [];
    const sums = SUMS[onRows.kind].map(() => 0);
    const add = onRows.tally(rule);
    columns.forEach((one, i) => add(one, rows[i] ?? [], sums));
    return [{ rule: rule.name, kind: onRows.kind, sums }];
  });
  return [...counts, ...tallySegments(segments, columns)];
}

/** The columns of blocks by name: made once for all rules that are measured on them. */
export function columnsOf(blocks: readonly RowBlock[]): readonly BlockColumns[] {
  return blocks.map((block) => new BlockColumns(block));
}

const HALF = 2 ** 32;

/** One row in so many, chosen by the hash of its id. */
function rowsLookedAt({ rows, idLow, idHigh }: RowBlock, every: number): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (every === 1) return all;
  return all.filter(
    (row) => (((idHigh[row] ?? 0) % every) * (HALF % every) + ((idLow[row] ?? 0) % every)) % every === 0,
  );
}

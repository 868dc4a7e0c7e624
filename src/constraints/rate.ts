import type { BlockColumns } from './block-columns.js';
import type { Add } from './constraint-kind.js';

/** Rows of `trials`, and those of them where `hit` holds, as SQL. */
export function rateSql(trials: string, hit: string): readonly string[] {
  return [`countIf((${trials}) AND (${hit}))`, `countIf(${trials})`];
}

/** The same of the rows of a block, which are trials all or none. */
export function rateTally(
  isTrial: (columns: BlockColumns) => boolean,
  hits: (columns: BlockColumns) => (row: number) => boolean,
): Add {
  return (columns, rows, sums) => {
    if (!isTrial(columns)) return;
    const isHit = hits(columns);
    plus(sums, 0, rows.filter(isHit).length);
    plus(sums, 1, rows.length);
  };
}

export function plus(sums: number[], place: number, x: number): void {
  sums[place] = (sums[place] ?? 0) + x;
}

/** Conditions that hold together, as SQL. */
export function all(conditions: readonly string[]): string {
  return conditions.join(' AND ');
}

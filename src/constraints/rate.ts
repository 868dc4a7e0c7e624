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

/** One more row's number in the sums of a mean: n, Σx and Σx². */
export function plusNumber(sums: number[], x: number): void {
  plus(sums, 0, 1);
  plus(sums, 1, x);
  plus(sums, 2, x * x);
}

/** Conditions that hold together, as SQL. */
export function all(conditions: readonly string[]): string {
  return conditions.join(' AND ');
}

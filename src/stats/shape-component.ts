import type { Measured } from './measured.js';

/** How far expected shares are to be believed. */
export interface ShapeDoubt {
  /** As many rows as they are known from. */
  readonly rows: number;
  /** Cohen's w of a difference of form that counts as none: shares are never known better than that. */
  readonly sameForm: number;
  /** Rows beyond which a window says nothing more: how windows differ is known of windows of so many. */
  readonly mostRows: number;
}

/** A cell that expects less than this many rows lets a single row look like a change of everything. */
const LEAST_EXPECTED = 1;

/**
 * Pearson's X² of category counts against expected shares, as the cube root per degree of freedom (cells − 1), which is close
 * to normal with variance 2/(9 df); null below two cells.
 *
 * Categories that expect less than one row are counted together, and with the rarest of the others where even together they expect less:
 * one row of a category never seen before would otherwise weigh as much as hundreds of all others. What is never seen has a rate of its own.
 *
 * Expected shares that are known from `rows` rows only are as uncertain as those: X² then averages df (1 + n/rows). A difference of
 * `sameForm` adds n · w² to its mean and counts as none.
 *
 * A window of more than `mostRows` rows is judged as one of so many: what windows differ by beyond chance grows with the rows, and how much
 * that is was seen in smaller ones only.
 *
 * Lies: where few cells are left. Cost: O(categories). Source: Wilson and Hilferty (1931); pooling after Cochran (1954).
 *
 * @example shapeComponent([30, 70], [0.5, 0.5])?.y // 2.5198
 */
export function shapeComponent(
  counts: readonly number[],
  expected: readonly number[],
  { rows, sameForm, mostRows }: ShapeDoubt = { rows: Infinity, sameForm: 0, mostRows: Infinity },
): Measured | null {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const used = Math.min(n, mostRows);
  const part = used / n;
  const cells = pooled(
    counts.map((count, b) => ({ count, mean: n * Math.max(expected[b] ?? 0, 0) })),
    part,
  );
  const df = cells.length - 1;
  if (df < 1 || n === 0) return null;
  const pearson = cells.reduce((sum, { count, mean }) => sum + (count - mean) ** 2 / mean, 0);
  const wider = 1 + used / rows;
  const chiSquared = part * pearson + (1 - part) * df;
  return steadied(noncentralCubeRoot(chiSquared / wider, df, (used * sameForm ** 2) / wider), part);
}

/**
 * The cube root of a window that is judged as one of a `part` of its rows. It strays less than that of a small window does, and a root that strays
 * less lies higher, by what is missing of its variance: without that every such window would be a little odd.
 */
export function steadied({ y, v }: Measured, part: number): Measured {
  return { y: y - v * (1 - part ** 2), v };
}

/** (X²/(df + λ))^⅓ and its variance for a chi-squared with noncentrality λ. Source: Sankaran (1959), first order; λ = 0 is Wilson and Hilferty's. */
export function noncentralCubeRoot(chiSquared: number, df: number, lambda: number): Measured {
  return { y: Math.cbrt(chiSquared / (df + lambda)), v: (2 * (df + 2 * lambda)) / (9 * (df + lambda) ** 2) };
}

interface Cell {
  readonly count: number;
  readonly mean: number;
}

const together = (a: Cell, b: Cell): Cell => ({ count: a.count + b.count, mean: a.mean + b.mean });

/** Joins the cells that would expect too little in a window of that part of the rows. */
function pooled(cells: readonly Cell[], part: number): readonly Cell[] {
  const least = LEAST_EXPECTED / part;
  const full = cells.filter(({ mean }) => mean >= least);
  const rest = cells.filter(({ mean }) => mean < least).reduce(together, { count: 0, mean: 0 });
  if (rest.mean === 0 && rest.count === 0) return full;
  if (rest.mean >= least || full.length === 0) return [...full, rest];
  const rarest = full.reduce(
    (place, cell, i) => (cell.mean < (full[place]?.mean ?? Infinity) ? i : place),
    0,
  );
  return full.map((cell, i) => (i === rarest ? together(cell, rest) : cell));
}

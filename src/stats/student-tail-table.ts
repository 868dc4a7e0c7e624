import { studentTSurvival } from './student-t.js';

/** Degrees of freedom with a table; others use the next smaller one, whose tail is heavier. */
const GRID = [4, 4.5, 5, 5.5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 60] as const;
/** The tables reach from 0 to LARGEST in steps of STEP on the scale of asinh t, where ln P is all but straight. */
const LARGEST = 40;
const STEP = 0.01;
const SIZE = Math.ceil(Math.asinh(LARGEST) / STEP) + 2;
const tables = new Map<number, Float64Array>();

/**
 * Survival function of Student's t from a table, for tests that run hundreds of thousands of times a tick.
 *
 * Lies: degrees of freedom are rounded down to a grid from 4 to 60, so the result is at least the exact one for them; on the
 * grid it is within 0.2 % of it. Cost: O(1) after 440 exact evaluations per grid value.
 *
 * @example tabulatedTSurvival(2, 10) // 0.036692
 */
export function tabulatedTSurvival(t: number, df: number): number {
  if (t < 0) return 1 - tabulatedTSurvival(-t, df);
  if (!(t < LARGEST)) return studentTSurvival(t, df);
  const table = tableFor(df);
  const at = Math.asinh(t) / STEP;
  const left = Math.floor(at);
  const weight = at - left;
  return Math.exp((1 - weight) * (table[left] ?? 0) + weight * (table[left + 1] ?? 0));
}

function tableFor(df: number): Float64Array {
  const known = tables.get(df);
  if (known) return known;
  const grid = GRID.findLast((value) => value <= df) ?? GRID[0];
  const table =
    tables.get(grid) ??
    Float64Array.from({ length: SIZE }, (_, i) => Math.log(studentTSurvival(Math.sinh(i * STEP), grid)));
  tables.set(grid, table);
  return table;
}

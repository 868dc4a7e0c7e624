import type { Constraint } from '../domain/constraint.js';

/** A rule the reference keeps, and how much keeping it says. */
export interface MinedRule {
  readonly rule: Constraint;
  /** Share of rows that would break it if its features had nothing to do with each other. */
  readonly information: number;
}

/** A rule must hold in this share of the rows that it speaks about … */
export const HOLDS = 0.999;
/** … of which there must be so many. */
export const LEAST_MINED_ROWS = 1000;

/**
 * Share of rows that keep a relation although one of its columns is taken from other rows: what unrelated features would do.
 * `holds(i, j)` asks row i with that column of row j.
 */
export function shareByChance(rows: number, holds: (i: number, j: number) => boolean | null): number {
  let kept = 0;
  let asked = 0;
  // The sample is in the order of a hash: rows some way off are independent of this one.
  for (const shift of [1, 997, 7919]) {
    for (let i = 0; i < rows; i += 1) {
      const held = holds(i, (i + shift) % rows);
      if (held === null) continue;
      asked += 1;
      if (held) kept += 1;
    }
  }
  return asked === 0 ? 1 : kept / asked;
}

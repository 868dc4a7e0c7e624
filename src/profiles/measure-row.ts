import type { Measure } from '../domain/measure.js';
import { SUMS } from './measure-sql.js';

/** A row of `measures_1m` (or a sum of such rows) as the engine gives it; `bucket` is the start in epoch seconds. */
export interface MeasureRow {
  readonly version: string;
  readonly bucket: number;
  readonly rule: string;
  readonly kind: keyof typeof SUMS;
  readonly sums: readonly number[];
}

/** The measure a row stands for. `settle` rounds a sum to what does not depend on the order of adding. */
export function measureOf({ kind, sums }: MeasureRow, settle: (sum: number) => number): Measure {
  const fields = Object.fromEntries(SUMS[kind].map((name, i) => [name, settle(sums[i] ?? 0)]));
  return { kind, ...fields } as Measure;
}

import type { Baseline } from '../domain/baseline.js';

/** Statistic of a column that the reference has and that is null in all of its rows: the share of rows with a value. */
export const PRESENT = 'present';

/** Whether a column had no value in any row of the reference: that is what is usual of it, as good a baseline as any other. */
export function wasNeverThere({ reference }: Baseline, feature: string): boolean {
  const total = reference.features[feature];
  return total !== undefined && total.rows > 0 && total.n === 0 && total.mistyped === 0;
}

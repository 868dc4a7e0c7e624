import type { Measure } from '../domain/measure.js';
import { SUMS, type MeasureCounts } from '../constraints/measure-sums.js';
import { settle } from './settle.js';

/** A row of `measures_1m` (or a sum of such rows) as the engine gives it; `bucket` is the start in epoch seconds. */
export interface MeasureRow extends MeasureCounts {
  readonly version: string;
  readonly bucket: number;
}

/** The measure a row stands for, in sums that do not depend on the order in which the engine added. */
export function measureOf({ kind, sums }: MeasureRow): Measure {
  const fields = SUMS[kind].map((name, i) => [name, sums[i] ?? 0] as const);
  const all = Object.fromEntries(fields);
  const settled = fields.map(([name, sum]) => [name, settle(sum, scaleOf(name, all))]);
  return { kind, ...(Object.fromEntries(settled) as object) } as Measure;
}

/**
 * How large the parts of a sum are together, by Cauchy and Schwarz: the parts of a sum near zero were not, and its error is theirs.
 */
function scaleOf(name: string, sums: Readonly<Record<string, number>>): number {
  const { n = 0, sumSquares = 0, sumXX = 0, sumYY = 0 } = sums;
  if (name === 'sum') return Math.sqrt(n * sumSquares);
  if (name === 'otherSum') return Math.sqrt((sums['otherN'] ?? 0) * (sums['otherSquares'] ?? 0));
  if (name === 'sumX') return Math.sqrt(n * sumXX);
  if (name === 'sumY') return Math.sqrt(n * sumYY);
  if (name === 'sumXY') return Math.sqrt(sumXX * sumYY);
  if (name === 'positiveSum') return Math.sqrt((sums['positives'] ?? 0) * (sums['positiveSquares'] ?? 0));
  return Math.abs(sums[name] ?? 0);
}

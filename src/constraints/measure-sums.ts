import { HASH_BITS } from '../domain/hash-bits.js';
import type { MeasureKind } from '../domain/measure.js';

/** A kind of measure that adds up over rows. */
export type SumKind = Exclude<MeasureKind, 'value'>;

/** What the array `sums` of `measures_1m` holds, by kind: names of the fields of a measure. */
export const SUMS = {
  rate: ['hits', 'trials'],
  mean: ['n', 'sum', 'sumSquares'],
  estimate: ['n', 'sum', 'sumSquares', 'positives', 'positiveSum', 'positiveSquares'],
  pair: ['n', 'sumX', 'sumY', 'sumXX', 'sumYY', 'sumXY'],
  rates: ['hits', 'trials', 'otherHits', 'otherTrials'],
  sides: ['n', 'sum', 'sumSquares', 'otherN', 'otherSum', 'otherSquares'],
  bits: ['n', ...HASH_BITS],
} as const satisfies Record<SumKind, readonly string[]>;

/** What a constraint says of one stretch, without where that is: `sums` are those that `SUMS` names for its kind. */
export interface MeasureCounts {
  readonly rule: string;
  readonly kind: SumKind;
  readonly sums: readonly number[];
}

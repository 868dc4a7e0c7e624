/**
 * Rows of one minute of one model version that name the same features in the same order; lists are by row, in one order. Numbers that are NaN or
 * infinite come as null.
 */
export interface RowBlock {
  readonly model: string;
  readonly version: string;
  /** Start of the minute, or of what else the rows were read by; epoch seconds. */
  readonly minute: number;
  /** Starts of the minutes of the rows, epoch seconds; none where the block is one minute. */
  readonly minutes: readonly number[];
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  readonly nulls: readonly string[];
  readonly rows: number;
  /** 1: calls that failed; such rows have no label. */
  readonly failed: 0 | 1;
  /** Different contents among the rows of each minute. */
  readonly contents: number;
  readonly numberValues: readonly (readonly (number | null)[])[];
  readonly wordValues: readonly (readonly string[])[];
  readonly label: readonly string[];
  readonly score: readonly (number | null)[];
  readonly value: readonly (number | null)[];
  /** Milliseconds; null where it is not known. */
  readonly latency: readonly (number | null)[];
  readonly scores: readonly Readonly<Record<string, number>>[];
  /** Halves of a hash of the row's id, and of its values. */
  readonly idLow: readonly number[];
  readonly idHigh: readonly number[];
  readonly valuesLow: readonly number[];
  readonly valuesHigh: readonly number[];
  readonly labelled: readonly number[];
  /** The true label; '' where there is none. */
  readonly actual: readonly string[];
  /** Of the labelled rows alone, in their order: what {@link JUDGED} names. */
  readonly judged: readonly (readonly (number | null)[])[];
  readonly protected: readonly Readonly<Record<string, string>>[];
  readonly attributions: readonly Readonly<Record<string, number | null>>[];
  readonly segment: readonly Readonly<Record<string, string>>[];
  /** When the rows were read, by the store's clock. */
  readonly readAt: string;
}

/** Columns of `judged`: the true value, the bin of the score in both layouts, and the loss if the truth is the positive class, is not, or by class. */
export const JUDGED = {
  actualValue: 0,
  logOdds: 1,
  equal: 2,
  lossPositive: 3,
  lossNegative: 4,
  lossClass: 5,
} as const;

/**
 * A summary of the rows of one stretch of time under a frozen rule. Every kind but `value` adds up over stretches, so it is
 * kept by minute and a window is a sum, like a profile.
 */
export type Measure =
  /** Share of rows: `hits` of `trials`. */
  | { readonly kind: 'rate'; readonly hits: number; readonly trials: number }
  /** Mean of a number a row. */
  | { readonly kind: 'mean'; readonly n: number; readonly sum: number; readonly sumSquares: number }
  /** The loss expected of every row, and of the rows that were answered with the positive class. */
  | {
      readonly kind: 'estimate';
      readonly n: number;
      readonly sum: number;
      readonly sumSquares: number;
      readonly positives: number;
      readonly positiveSum: number;
      readonly positiveSquares: number;
    }
  /** Two numbers a row, for their correlation. */
  | {
      readonly kind: 'pair';
      readonly n: number;
      readonly sumX: number;
      readonly sumY: number;
      readonly sumXX: number;
      readonly sumYY: number;
      readonly sumXY: number;
    }
  /** The same share in two groups of rows. */
  | {
      readonly kind: 'rates';
      readonly hits: number;
      readonly trials: number;
      readonly otherHits: number;
      readonly otherTrials: number;
    }
  /** One number a row, in a segment and in all other rows. */
  | {
      readonly kind: 'sides';
      readonly n: number;
      readonly sum: number;
      readonly sumSquares: number;
      readonly otherN: number;
      readonly otherSum: number;
      readonly otherSquares: number;
    }
  /** How often each bit of a hash of the rows' content is set: rows that repeat pull all bits of their hash one way. */
  | { readonly kind: 'bits'; readonly n: number; readonly [bit: `b${number}`]: number }
  /** A number already on the scale the engine tests, with its sampling variance: one a window, nothing to add up. */
  | {
      readonly kind: 'value';
      readonly y: number;
      readonly v: number;
      readonly n: number;
      /** Features that make the value what it is, the strongest first. */
      readonly leading?: readonly string[];
    };
export type MeasureKind = Measure['kind'];

/**
 * How wrong the labelled answers of a stretch were, one by one in the order of (event time, prediction id): 1 wrong and 0 right, or the absolute
 * error of a regression.
 */
export interface ErrorStream {
  readonly errors: readonly number[];
  /** One row in so many was read, chosen by a hash of its id; 1 where all were. */
  readonly every: number;
}

/** Rows of a reference by column, all of one length; a row is the same place in every column. */
export interface ReferenceSample {
  readonly rows: number;
  /** NaN where the value is absent. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Null where the value is absent. */
  readonly texts: ReadonlyMap<string, readonly (string | null)[]>;
}

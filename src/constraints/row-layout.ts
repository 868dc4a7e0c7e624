/** The names of a row's features in the order they were sent, when every row has the same: its values can then be read by position. */
export interface RowLayout {
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  readonly nulls: readonly string[];
}

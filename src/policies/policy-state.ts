/** What one rule remembers of one statistic of one signal; everything at rest is left out, so quiet series cost nothing. */
export interface RuleMemory {
  /** For every level: the newest judged windows, oldest first, `1` where its condition held. */
  readonly marks: readonly string[];
  /** Windows in a row without an answer. */
  readonly blind: number;
  /** Clear windows still owed since the last breach. */
  readonly owes: number;
}

export interface SignalMemory {
  readonly check: string;
  readonly feature: string | null;
  /** Absent where it is about all rows. */
  readonly segment?: string;
  /** By `policy/rule/statistic`. */
  readonly tracks: Readonly<Record<string, RuleMemory>>;
}

/**
 * What the policies remember of one model version after one window: plain JSON. The state after window k is the input of window k + 1; a
 * new revision of k + 1 starts from the state after k again, so judging a window twice gives the same answer.
 */
export interface PolicyState {
  readonly v: 1;
  /** By `check`, `check/feature` or `check[segment]`. */
  readonly signals: Readonly<Record<string, SignalMemory>>;
}

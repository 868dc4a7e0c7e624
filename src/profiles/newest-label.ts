/** Which of the labels of a prediction counts, as one number: the one that was given last, of several the one that came last. A pair would be compared as a general value, which costs twice as much. */
export const NEWEST = 'bitShiftLeft(toInt128(toUnixTimestamp64Milli(labelled_at)), 64) + offset';

/** What the newest label of a prediction says: columns `actual` and `actual_value` of `labels` grouped by their predictions. */
export const NEWEST_LABEL = `argMax(label, ${NEWEST}) AS actual, argMax(value, ${NEWEST}) AS actual_value`;

/**
 * Condition on rows of `labels`: they are of predictions that a statement `SELECT <columns> FROM predictions …` finds. Labels lie in the order of ids: the index passes over what has
 * none of them, and what is left is found by a hash of 64 bits, of which few others share one. What is joined afterwards is joined by the ids themselves.
 */
export function labelsOfRows(columns: string, rows: string): string {
  return `indexHint((${columns}) IN (SELECT ${columns} ${rows})) AND cityHash64(${columns}) IN (SELECT cityHash64(${columns}) ${rows})`;
}

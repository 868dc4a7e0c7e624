/** Average precision with the sampling variance that belongs to its log odds' interval. */
export interface AveragePrecision {
  readonly value: number;
  readonly variance: number;
}

/**
 * Average precision from one histogram of scores per class over the same bins, lowest scores first; a bin is a tie.
 *
 * Definition: Σ (recall step × precision) from the highest bin down. Variance: AP(1 − AP)/positives, for an interval on the log odds
 * (Boyd, Eng and Page 2013). Lies: a random ranking has the share of positives, not ½; bins coarser than the scores pull it there.
 * Throws RangeError without positives. Cost: O(bins). Source: Davis and Goadrich (2006), ICML.
 *
 * @example averagePrecision([1, 0, 1], [0, 1, 0]).value // 0.8333333333333333
 */
export function averagePrecision(
  positives: readonly number[],
  negatives: readonly number[],
): AveragePrecision {
  const all = positives.reduce((sum, count) => sum + count, 0);
  if (!(all > 0)) throw new RangeError('average precision needs a positive');
  let [tp, fp, value] = [0, 0, 0];
  for (let bin = positives.length - 1; bin >= 0; bin -= 1) {
    const own = positives[bin] ?? 0;
    tp += own;
    fp += negatives[bin] ?? 0;
    if (own > 0) value += (own / all) * (tp / (tp + fp));
  }
  return { value, variance: (value * (1 - value)) / all };
}

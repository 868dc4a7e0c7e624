/** Average precision with the sampling variance that belongs to its log odds' interval. */
export interface AveragePrecision {
  readonly value: number;
  readonly variance: number;
}

/**
 * Average precision from one histogram of scores per class over the same bins, lowest scores first.
 *
 * Definition: Σ (recall step × precision) from the highest score down. Rows of one bin are taken to lie in it in no order: each positive has the precision that is expected where it stands,
 * so that bins do not pull it down as a tie would. Variance: AP(1 − AP)/positives, for an interval on the log odds (Boyd, Eng and Page 2013).
 * Lies: a random ranking has the share of positives, not ½; scores that are truly equal count as ranked by chance. Throws RangeError without positives. Cost: O(bins).
 * Source: Davis and Goadrich (2006), ICML.
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
    const [own, other] = [positives[bin] ?? 0, negatives[bin] ?? 0];
    if (own > 0) value += precisionsWithin({ tp, fp }, own, other) / all;
    tp += own;
    fp += other;
  }
  return { value, variance: (value * (1 - value)) / all };
}

/** Positives of a bin that are looked at one by one; of more, so many stand for all. */
const MOST_BIN_STEPS = 64;

/** The sum of the precisions at the positives of a bin: before the i-th of them i/(own + 1) of its negatives are expected. */
function precisionsWithin({ tp, fp }: { readonly tp: number; readonly fp: number }, own: number, other: number): number {
  const steps = Math.min(MOST_BIN_STEPS, Math.ceil(own));
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    const place = ((step + 0.5) * own) / steps + 0.5;
    sum += (tp + place) / (tp + place + fp + (other * place) / (own + 1));
  }
  return (sum * own) / steps;
} // prettier-ignore

import { aucFromHistogram } from './auc.js';
import { averagePrecision } from './average-precision.js';

/** Rows that are of a class, and that are not, by the probability they give it: over the same bins, lowest first. At least two rows of each. */
export interface ClassHistogram {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** How classes are averaged: all alike, or by their rows. */
type Averaging = 'macro' | 'weighted';

/** A mean over classes with its sampling variance. */
interface ClassMean {
  readonly value: number;
  readonly variance: number;
}

/** Both means of one statistic, of which each class has been computed once. */
export type ClassMeans = Readonly<Record<Averaging, ClassMean>>;

/**
 * The means of the areas under the ROC curves of each class against the rest.
 *
 * Variance: DeLong's components of each class. A row is a positive of its own class and a negative of every other one; where its own probability is too low, others are too high, so that both
 * are taken to go wrong together, and its errors as a negative of different classes to be apart. That is exact for two classes; of three to ten 95 % intervals hold 95 to 98 in a hundred.
 * Lies: a class of few rows counts as much as the others in the macro mean. Throws RangeError where a class has fewer than two rows of either kind. Cost: O(classes × bins).
 * Source: Provost and Domingos (2000) for the weighted mean; DeLong et al. (1988) for the components.
 *
 * @example oneVersusRestAuc([{ positives: [1, 3], negatives: [3, 1] }, { positives: [1, 3], negatives: [3, 1] }]).macro.value // 0.75
 */
export function oneVersusRestAuc(classes: readonly ClassHistogram[]): ClassMeans {
  const parts = classes.map(({ positives, negatives }) => ({
    ...aucFromHistogram(negatives, positives),
    own: total(positives),
    others: total(negatives),
  }));
  const values = parts.map(({ auc }) => auc);
  return bothMeans(classes, values, (weights) => {
    const asNegative = parts.map(({ negativeSpread, others }, i) => ((weights[i] ?? 0) / others) ** 2 * negativeSpread);
    const allNegative = total(asNegative);
    return parts.reduce((sum, { positiveSpread, own }, i) => {
      const ofOthers = Math.max(0, allNegative - (asNegative[i] ?? 0));
      return sum + ((weights[i] ?? 0) * Math.sqrt(positiveSpread / own) + Math.sqrt(own * ofOthers)) ** 2;
    }, 0);
  });
} // prettier-ignore

/**
 * The means of the average precisions of each class against the rest; each as {@link averagePrecision} has it.
 *
 * Variance: AP(1 − AP) over the rows of the class, or over all others where these are fewer. Lies: a random ranking has the share of each class, not ½. Throws RangeError without a row of
 * a class. Cost: O(classes × bins).
 *
 * @example oneVersusRestPrecision([{ positives: [0, 2], negatives: [2, 0] }]).macro.value // 1
 */
export function oneVersusRestPrecision(classes: readonly ClassHistogram[]): ClassMeans {
  const values = classes.map(({ positives, negatives }) => averagePrecision(positives, negatives).value);
  return bothMeans(classes, values, (weights) =>
    classes.reduce((sum, { positives, negatives }, i) => {
      const value = values[i] ?? 0;
      const rows = Math.min(total(positives), Math.max(1, total(negatives)));
      return sum + ((weights[i] ?? 0) ** 2 * value * (1 - value)) / rows;
    }, 0),
  );
}

/** Weights by rows are themselves drawn. */
function bothMeans(classes: readonly ClassHistogram[], values: readonly number[], varianceBy: (weights: readonly number[]) => number): ClassMeans {
  const own = classes.map(({ positives }) => total(positives));
  const rows = total(own);
  const meanBy = (weights: readonly number[]) => ({
    value: values.reduce((sum, one, i) => sum + one * (weights[i] ?? 0), 0),
    variance: varianceBy(weights),
  });
  const macro = meanBy(own.map(() => 1 / classes.length));
  const weights = own.map((count) => count / rows);
  const { value, variance } = meanBy(weights);
  const mix = values.reduce((sum, one, i) => sum + (weights[i] ?? 0) * (one - value) ** 2, 0) / rows;
  return { macro, weighted: { value, variance: variance + mix } };
} // prettier-ignore

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

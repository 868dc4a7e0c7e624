/** The four cells of a binary confusion matrix; fractional when labels were estimated or weighted. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** What a confusion matrix says; NaN where there was nothing to divide by (no positives, nothing predicted positive). */
export interface ConfusionRates {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly specificity: number;
  readonly prevalence: number;
  readonly balancedAccuracy: number;
  readonly matthewsCorrelation: number;
}

/**
 * Rates of a binary confusion matrix.
 *
 * Lies: accuracy on rare classes; precision and prevalence when labels of one class arrive later than the other's
 * (recall and specificity do not mind). Cost: O(1). Source: Fawcett (2006), Pattern Recognition Letters 27.
 *
 * @example confusionRates({ tp: 3, fp: 1, fn: 2, tn: 4 }).precision // 0.75
 */
export function confusionRates({ tp, fp, fn, tn }: Confusion): ConfusionRates {
  const total = tp + fp + fn + tn;
  const recall = tp / (tp + fn);
  const specificity = tn / (tn + fp);
  return {
    accuracy: (tp + tn) / total,
    precision: tp / (tp + fp),
    recall,
    specificity,
    prevalence: (tp + fn) / total,
    balancedAccuracy: (recall + specificity) / 2,
    matthewsCorrelation: (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
  };
}

import { confusionRates, type Confusion } from '../../../src/stats/confusion-rates.js';

export interface FairnessGaps {
  readonly demographicParityRatio: number;
  readonly demographicParityDifference: number;
  readonly equalOpportunityDifference: number;
  readonly equalizedOddsDifference: number;
  readonly equalizedOddsRatio: number;
}

/**
 * Fairness gaps over the confusion matrices of two or more groups: extremes of selection rate, true and false positive rate.
 *
 * Ratios are smallest over largest; equalised odds takes the worse of the two rates.
 * Lies: the extremes of many small groups are far apart by chance; keep a floor of rows per group and read intervals.
 * Cost: O(groups). Source: Hardt, Price and Srebro (2016), NeurIPS; Agarwal et al. (2018) for the parity measures.
 *
 * @example fairnessGaps([{ tp: 3, fp: 1, fn: 1, tn: 3 }, { tp: 2, fp: 1, fn: 2, tn: 3 }]).equalOpportunityDifference // 0.25
 */
export function fairnessGaps(groups: readonly Confusion[]): FairnessGaps {
  if (groups.length < 2) throw new RangeError(`fairness gaps need at least two groups, got ${groups.length}`);
  const selection = extremes(groups.map(({ tp, fp, fn, tn }) => (tp + fp) / (tp + fp + fn + tn)));
  const recall = extremes(groups.map((cells) => confusionRates(cells).recall));
  const falsePositives = extremes(groups.map(({ fp, tn }) => fp / (fp + tn)));
  return {
    demographicParityRatio: selection.ratio,
    demographicParityDifference: selection.difference,
    equalOpportunityDifference: recall.difference,
    equalizedOddsDifference: Math.max(recall.difference, falsePositives.difference),
    equalizedOddsRatio: Math.min(recall.ratio, falsePositives.ratio),
  };
}

function extremes(values: readonly number[]): { ratio: number; difference: number } {
  const smallest = Math.min(...values);
  const largest = Math.max(...values);
  return { ratio: smallest / largest, difference: largest - smallest };
}

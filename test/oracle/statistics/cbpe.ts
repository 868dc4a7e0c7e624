import { confusionRates, type Confusion, type ConfusionRates } from '../../../src/stats/confusion-rates.js';
import { f1Score } from '../../../src/stats/f1.js';

/** One prediction whose label has not come: calibrated P(y = 1), the hard prediction, and the raw score that ranks it. */
export interface UnlabelledPrediction {
  readonly probability: number;
  readonly positive: boolean;
  readonly score?: number;
}

export interface PerformanceEstimate extends ConfusionRates {
  readonly confusion: Confusion;
  readonly f1: number;
  readonly auc: number;
  /** Poisson-binomial variance of the accuracy; the calibrator's own error comes on top. */
  readonly accuracyVariance: number;
}

/**
 * Confidence-based performance estimation: the confusion matrix, rates and AUC expected from calibrated probabilities.
 *
 * Definition: TP = Σ c over predicted positives, FP = Σ (1 − c) over them, and so on; the ROC curve runs down the raw score.
 * Lies: it believes P(y | score). It follows a change of the inputs that shows in the score and is blind to concept
 * drift; miscalibration passes straight into it. Cost: O(n log n). Source: NannyML's CBPE, formulas only.
 *
 * @example cbpe([{ probability: 0.9, positive: true }, { probability: 0.2, positive: false }]).accuracy // 0.85
 */
export function cbpe(predictions: readonly UnlabelledPrediction[]): PerformanceEstimate {
  if (predictions.length === 0) throw new RangeError('CBPE needs at least one prediction');
  const cells = { tp: 0, fp: 0, fn: 0, tn: 0 };
  let spread = 0;
  for (const { probability, positive } of predictions) {
    cells[positive ? 'tp' : 'fn'] += probability;
    cells[positive ? 'fp' : 'tn'] += 1 - probability;
    spread += probability * (1 - probability);
  }
  return {
    ...confusionRates(cells),
    confusion: cells,
    f1: f1Score(cells).f1,
    auc: expectedAuc(predictions),
    accuracyVariance: spread / predictions.length ** 2,
  };
}

/** Trapezoids under the expected ROC curve, one for each prediction, from the highest score down. */
function expectedAuc(predictions: readonly UnlabelledPrediction[]): number {
  const scoreOf = ({ score, probability }: UnlabelledPrediction): number => score ?? probability;
  let tp = 0;
  let fp = 0;
  let area = 0;
  for (const { probability } of predictions.toSorted((x, y) => scoreOf(y) - scoreOf(x))) {
    area += (1 - probability) * (tp + probability / 2);
    tp += probability;
    fp += 1 - probability;
  }
  return area / (tp * fp);
}

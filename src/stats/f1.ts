import type { Confusion } from './confusion-rates.js';

export interface F1 {
  readonly f1: number;
  readonly variance: number;
}

/**
 * F1, the harmonic mean of precision and recall, 2TP / (2TP + FP + FN), with its delta-method variance.
 *
 * Definition of the variance: F(1 − F)(2 − F)² / 2U with U = TP + FP + FN. Lies: ignores true negatives; the variance
 * is good from about U = 30. NaN when U is 0. Cost: O(1). Source: van Rijsbergen (1979); delta method on TP/U.
 *
 * @example f1Score({ tp: 3, fp: 1, fn: 2 }).f1 // 0.6666666666666666
 */
export function f1Score({ tp, fp, fn }: Omit<Confusion, 'tn'>): F1 {
  const f1 = (2 * tp) / (2 * tp + fp + fn);
  return { f1, variance: (f1 * (1 - f1) * (2 - f1) ** 2) / (2 * (tp + fp + fn)) };
}

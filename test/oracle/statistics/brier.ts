/**
 * Brier score: the mean squared difference of a predicted probability and its 0/1 label; 0 is perfect.
 *
 * Lies: its floor is p(1 − p), so it looks good on rare classes whatever the model knows. Cost: O(n).
 * Source: Brier (1950), Monthly Weather Review 78.
 *
 * @example brierScore([0.9, 0.2], [1, 0]) // 0.025
 */
export function brierScore(probabilities: readonly number[], labels: readonly number[]): number {
  if (probabilities.length === 0 || probabilities.length !== labels.length) {
    throw new RangeError('the Brier score needs as many labels as probabilities, and at least one');
  }
  return probabilities.reduce((sum, p, i) => sum + (p - (labels[i] ?? 0)) ** 2, 0) / probabilities.length;
}

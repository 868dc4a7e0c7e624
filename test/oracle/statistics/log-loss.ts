/** Probabilities are kept this far from 0 and 1: one certain error must not make the mean infinite. */
const CLIP = 2 ** -52;

/**
 * Logarithmic loss in nats: the mean of −ln of the probability given to what happened; 0 is perfect.
 *
 * Lies: a single confident error outweighs thousands of good rows. Cost: O(n). Source: Good (1952), JRSS-B 14.
 *
 * @example logLoss([0.5, 0.5], [1, 0]) // 0.6931471805599453
 */
export function logLoss(probabilities: readonly number[], labels: readonly number[]): number {
  if (probabilities.length === 0 || probabilities.length !== labels.length) {
    throw new RangeError('log loss needs as many labels as probabilities, and at least one');
  }
  const loss = probabilities.reduce((sum, probability, i) => {
    const p = Math.min(1 - CLIP, Math.max(CLIP, probability));
    return sum - (labels[i] === 1 ? Math.log(p) : Math.log1p(-p));
  }, 0);
  return loss / probabilities.length;
}

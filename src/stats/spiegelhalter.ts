/**
 * Spiegelhalter's z for calibration: standard normal when the probabilities are right.
 *
 * Definition: Σ (y − p)(1 − 2p) / √ Σ (1 − 2p)² p(1 − p), over rows; or over bins of `rows` rows with a mean probability p and a share y of
 * positives. Positive: the model is over-confident (Brier score above its expectation). Lies: blind to errors at p = ½, and to errors that
 * cancel; in bins, to what differs within a bin. Cost: O(n). Source: Spiegelhalter (1986), Statistics in Medicine 5. Throws RangeError when
 * every p is 0, ½ or 1.
 *
 * @example spiegelhalterZ([0.9, 0.8, 0.3, 0.2], [1, 1, 0, 1]) // 0.3521803625302496
 */
export function spiegelhalterZ(
  probabilities: readonly number[],
  shares: readonly number[],
  rows: readonly number[] = [],
): number {
  let excess = 0;
  let variance = 0;
  probabilities.forEach((p, i) => {
    const weight = rows[i] ?? 1;
    excess += weight * ((shares[i] ?? 0) - p) * (1 - 2 * p);
    variance += weight * (1 - 2 * p) ** 2 * p * (1 - p);
  });
  if (!(variance > 0)) throw new RangeError('Spiegelhalter z needs a probability other than 0, ½ and 1');
  return excess / Math.sqrt(variance);
}

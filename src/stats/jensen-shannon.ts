import { pairedShares } from './paired-shares.js';

/**
 * Jensen–Shannon divergence in nats: the mean Kullback–Leibler divergence of both histograms from their average.
 *
 * Always between 0 and ln 2, finite whatever is empty. Under equality 8 nm/(n + m) × this is chi-squared with bins − 1
 * degrees of freedom. Lies: sampling alone lifts it to about (bins − 1)(n + m) / 8nm; read it with n.
 * Cost: O(bins). Source: J. Lin (1991), IEEE Trans. Information Theory 37.
 *
 * @example jensenShannonDivergence([1, 1], [1, 3]) // 0.033822075568605205
 */
export function jensenShannonDivergence(reference: readonly number[], current: readonly number[]): number {
  let sum = 0;
  for (const [p, q] of pairedShares(reference, current)) {
    const middle = (p + q) / 2;
    sum += partOf(p, middle) + partOf(q, middle);
  }
  return Math.max(0, sum / 2);
}

/**
 * Jensen–Shannon distance, the square root of the divergence: a metric, between 0 and 1 in base 2.
 *
 * Lies: the square root makes small noise look large: at n = 100 and 10 bins nothing at all shows as 0.12.
 * Cost and source as {@link jensenShannonDivergence}; Endres and Schindelin (2003) for the metric.
 *
 * @example jensenShannonDistance([120, 180, 250, 200, 150, 100], [30, 60, 110, 120, 100, 80]) // 0.14608072579808704
 */
export function jensenShannonDistance(
  reference: readonly number[],
  current: readonly number[],
  base: number = 2,
): number {
  return Math.sqrt(jensenShannonDivergence(reference, current) / Math.log(base));
}

function partOf(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log(share / middle);
}

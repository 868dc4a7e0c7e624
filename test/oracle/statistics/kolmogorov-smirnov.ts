import { combinedSample } from './combined-sample.js';
import { kolmogorovSurvival } from './kolmogorov.js';

/** Up to this many lattice points (n × m) the p-value is exact; beyond it Stephens' approximation is good to 1e-4. */
const EXACT_UP_TO = 4_000_000;

export interface KolmogorovSmirnov {
  /** sup |F − G|. */
  readonly statistic: number;
  readonly p: number;
  readonly method: 'exact' | 'asymptotic';
}

/**
 * Two-sample Kolmogorov–Smirnov test: the largest distance between two empirical distribution functions.
 *
 * Lies: nearly blind to scale and tails (power 0.03 for a 15 % wider spread at n = 500, level 0.001); conservative on
 * ties; significant for any trifle at n = 50 000. Display, not alert.
 * Cost: O(n log n), and O(nm) for the exact p-value. Source: Kolmogorov (1933), Smirnov (1939); Stephens (1970) for
 * (√e + 0.12 + 0.11/√e) D with e = nm/(n + m).
 *
 * @example kolmogorovSmirnov([0.1, 0.4, 0.7, 1.2, 1.5, 2.2, 2.8, 3.1, 3.3, 4], [0.9, 1.1, 1.9, 2.5, 3, 3.6, 4.4, 5.2]).p // 0.7227478403948991
 */
export function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): KolmogorovSmirnov {
  const n = first.length;
  const m = second.length;
  // Gaps are kept as whole multiples of 1/(nm), so that equal gaps compare equal in the exact law.
  let gap = 0;
  let largest = 0;
  for (const step of combinedSample(first, second)) {
    gap += step.first * m - step.second * n;
    largest = Math.max(largest, Math.abs(gap));
  }
  const statistic = largest / (n * m);
  if (n * m <= EXACT_UP_TO) return { statistic, p: exactSurvival(largest, n, m), method: 'exact' };
  return { statistic, p: kolmogorovSmirnovAsymptotic(statistic, n, m), method: 'asymptotic' };
}

/**
 * Stephens' approximation of the p-value for a distance D between samples of n and m values.
 *
 * Lies: below n = 20 it may be off by 0.03. Cost: O(1). Source: Stephens (1970), JRSS-B 32.
 *
 * @example kolmogorovSmirnovAsymptotic(0.3, 10, 8) // 0.7375010200879978
 */
export function kolmogorovSmirnovAsymptotic(statistic: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  return kolmogorovSurvival((root + 0.12 + 0.11 / root) * statistic);
}

/**
 * Probability that a random ordering of n and m values ever has a gap of at least `largest` (in units of 1/nm).
 *
 * Walks the lattice of orderings and keeps the probability of having been outside, a sum of positive terms, so small
 * p-values keep their digits. The last step into (i, j) came from (i − 1, j) with probability i/(i + j).
 */
function exactSurvival(largest: number, n: number, m: number): number {
  const row = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1) {
    for (let j = 0; j <= m; j += 1) {
      if (Math.abs(i * m - j * n) >= largest) row[j] = 1;
      else if (i + j === 0) row[j] = 0;
      else row[j] = ((row[j] ?? 0) * i + (j === 0 ? 0 : (row[j - 1] ?? 0) * j)) / (i + j);
    }
  }
  return Math.min(1, row[m] ?? 1);
}

import { betaRatio } from '../../../src/stats/incomplete-beta.js';

/**
 * Upper tail of the binomial, P(X ≥ k) for n trials with success probability p; exact, the far tail included.
 *
 * Lies: never, if the trials are independent. Cost: O(√n). Source: NIST DLMF 8.17.5, I_p(k, n − k + 1).
 *
 * @example binomialSurvival(3, 10, 0.1) // 0.07019082640000001
 */
export function binomialSurvival(k: number, n: number, p: number): number {
  if (!(Number.isInteger(n) && n >= 0))
    throw new RangeError(`binomialSurvival needs an integer n >= 0, got ${n}`);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`binomialSurvival needs p in [0, 1], got ${p}`);
  const least = Math.ceil(k);
  if (least <= 0) return 1;
  if (least > n) return 0;
  return betaRatio(p, least, n - least + 1);
}

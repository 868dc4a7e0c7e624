import { chiSquaredSurvival } from '../../../src/stats/chi-squared.js';
import { upperGammaRatio } from '../../../src/stats/incomplete-gamma.js';
import { poissonMass } from '../../../src/stats/poisson-mass.js';

/**
 * Survival function P(X > x) of the noncentral chi-squared with `df` degrees of freedom and noncentrality `ncp` ≥ 0.
 *
 * Definition: the average of central survivals with df + 2j degrees of freedom, j Poisson with mean ncp/2. Terms
 * are all positive and are summed upwards, so the far tail keeps its relative precision (about 1e-13).
 * Lies: beyond 1e-300 it underflows. Cost: O(√ncp) terms. Source: NIST DLMF 8.17 and Johnson, Kotz and Balakrishnan,
 * Continuous Univariate Distributions 2, chapter 29.
 *
 * @example noncentralChiSquaredSurvival(40, 9, 12) // 0.021835377203277995
 */
export function noncentralChiSquaredSurvival(x: number, df: number, ncp: number): number {
  if (!(ncp >= 0)) throw new RangeError(`noncentralChiSquaredSurvival needs ncp >= 0, got ${ncp}`);
  if (ncp === 0 || x <= 0) return chiSquaredSurvival(x, df);
  const mean = ncp / 2;
  const half = x / 2;
  // The survival grows with j, so terms this far below the Poisson mode are below 1e-30 of the sum.
  const first = Math.max(0, Math.floor(mean - 12 * Math.sqrt(mean) - 40));
  let weight = poissonMass(first, mean);
  let survival = upperGammaRatio(df / 2 + first, half);
  let sum = 0;
  for (let j = first; ; j += 1) {
    sum += weight * survival;
    const decay = mean / (j + 1);
    if (decay < 1 && (weight * decay) / (1 - decay) <= 1e-17 * sum) return Math.min(1, sum);
    if (j > mean && weight === 0) return Math.min(1, sum);
    survival = Math.min(1, survival + poissonMass(df / 2 + j, half));
    weight *= decay;
  }
}

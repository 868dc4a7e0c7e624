import { lowerGammaRatio, upperGammaRatio } from './incomplete-gamma.js';
import { normalQuantile } from './normal.js';
import { poissonMass } from './poisson-mass.js';

/**
 * Survival function P(X > x) of chi-squared with `df` degrees of freedom, any real df > 0.
 *
 * Lies: never; relative error about 1e-14 in the far tail. Cost: O(√df). Source: NIST DLMF 8.2, Q(df/2, x/2).
 *
 * @example chiSquaredSurvival(60, 9) // 1.3406780483959625e-9
 */
export function chiSquaredSurvival(x: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`chiSquaredSurvival needs df > 0, got ${df}`);
  return x <= 0 ? 1 : upperGammaRatio(df / 2, x / 2);
}

/**
 * Quantile of chi-squared: the x with P(X ≤ x) = p, for p in [0, 1).
 *
 * Lies: p above 1 − 1e-12 has no digits left to invert. Relative error about 1e-13.
 * Cost: a few evaluations of the distribution function. Source: Wilson and Hilferty (1931) for the start, then Newton
 * steps on the nearer tail, kept inside a bracket.
 *
 * @example chiSquaredQuantile(0.95, 5) // 11.070497693516351
 */
export function chiSquaredQuantile(p: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`chiSquaredQuantile needs df > 0, got ${df}`);
  if (!(p >= 0 && p < 1)) throw new RangeError(`chiSquaredQuantile needs p in [0, 1), got ${p}`);
  if (p === 0) return 0;
  const a = df / 2;
  let low = 0;
  let high = Infinity;
  let x = startingPoint(p, a);
  for (let step = 0; step < 200; step += 1) {
    const excess = p > 0.5 ? 1 - p - upperGammaRatio(a, x) : lowerGammaRatio(a, x) - p;
    if (excess < 0) low = x;
    else high = x;
    const density = (poissonMass(a, x) * a) / x;
    let next = x - excess / density;
    if (!(next > low && next < high)) next = high === Infinity ? 2 * x : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * next) return 2 * next;
    x = next;
  }
  return 2 * x;
}

/** Wilson and Hilferty's cube; where it fails (small p, small df), the leading term of the distribution function. */
function startingPoint(p: number, a: number): number {
  const spread = 1 / (9 * a);
  const cube = a * (1 - spread + normalQuantile(p) * Math.sqrt(spread)) ** 3;
  if (cube > 0.1 * a) return cube;
  return a * Math.exp(Math.log(p) / a) + 1e-300;
}

import { logGamma } from './log-gamma.js';

const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * Error of Stirling's formula: ln Γ(x + 1) − [(x + ½) ln x − x + ½ ln 2π], for x > 0.
 *
 * Densities written with it (Poisson, binomial, beta, gamma) need no difference of large logarithms, so they keep
 * full relative precision where exp(a ln x − x − ln Γ) would lose one digit for every factor of ten in a.
 * Lies: never on x > 0; below 1e-300 the logarithm is the limit. Cost: O(1). Source: C. Loader (2000), "Fast and
 * accurate computation of binomial probabilities"; the series is Stirling's, coefficients B₂ₖ / (2k(2k − 1)).
 *
 * @example stirlingError(10) // 0.008330563433362871
 */
export function stirlingError(x: number): number {
  if (!(x > 0)) throw new RangeError(`stirlingError needs x > 0, got ${x}`);
  if (x < 15) return logGamma(x + 1) - ((x + 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI);
  return stirlingSeries(x);
}

/** The asymptotic series, for x ≥ 15 (the first omitted term is below 1e-17 there). */
function stirlingSeries(x: number): number {
  const s = 1 / (x * x);
  const inner = 1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s * (1 / 156)));
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * inner))) / x;
}

import { deviance } from './deviance.js';
import { logGamma } from './log-gamma.js';
import { stirlingError } from './stirling-error.js';

/**
 * Poisson probability extended to real counts: m^k e^(−m) / Γ(k + 1), for k ≥ 0 and m ≥ 0.
 *
 * It is also the common factor of every incomplete gamma function. Lies: never; underflows to 0 below 1e-308.
 * Cost: O(1). Source: C. Loader (2000), saddle-point form.
 *
 * @example poissonMass(3, 2) // 0.18044704431548356
 */
export function poissonMass(k: number, m: number): number {
  if (m === 0) return k === 0 ? 1 : 0;
  if (k === 0) return Math.exp(-m);
  if (k < 1) return Math.exp(k * Math.log(m) - m - logGamma(k + 1));
  return Math.exp(-stirlingError(k) - deviance(k, m)) / Math.sqrt(2 * Math.PI * k);
}

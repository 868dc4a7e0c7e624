import { deviance } from './deviance.js';
import { stirlingError } from './stirling-error.js';

/**
 * Binomial probability extended to real counts: Γ(n + 1) / (Γ(k + 1) Γ(n − k + 1)) p^k q^(n−k), with q = 1 − p given apart.
 *
 * Taking q as an argument keeps its digits when p is close to 1. Lies: never. Cost: O(1).
 * Source: C. Loader (2000), saddle-point form.
 *
 * @example binomialMass(3, 10, 0.2) // 0.20132659200000003
 */
export function binomialMass(k: number, n: number, p: number, q: number = 1 - p): number {
  const rest = n - k;
  if (k < 0 || rest < 0) return 0;
  if (p === 0) return k === 0 ? 1 : 0;
  if (q === 0) return rest === 0 ? 1 : 0;
  if (k === 0) return Math.exp(n * logOfComplement(q, p));
  if (rest === 0) return Math.exp(n * logOfComplement(p, q));
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(rest) - deviance(k, n * p) - deviance(rest, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * rest));
}

/** ln p, taken through the complement q when p is close to 1. */
function logOfComplement(p: number, q: number): number {
  return q < 0.5 ? Math.log1p(-q) : Math.log(p);
}

import { poissonMass } from './poisson-mass.js';

/**
 * Lower regularised incomplete gamma function P(a, x) = ∫₀^x u^(a−1) e^(−u) du / Γ(a), for a > 0, x ≥ 0.
 *
 * It is the distribution function of a gamma variable, and of half a chi-squared with 2a degrees of freedom.
 * Lies: P close to 1 has lost its complement; ask {@link upperGammaRatio} for that. Relative error about 1e-14.
 * Cost: O(√a) terms. Source: NIST DLMF 8.11.4 (series) and 8.9.2 (continued fraction).
 *
 * @example lowerGammaRatio(2, 1) // 0.26424111765711533 = 1 − 2/e
 */
export function lowerGammaRatio(a: number, x: number): number {
  checkArguments(a, x);
  if (x === 0) return 0;
  if (x === Infinity) return 1;
  return usesSeries(a, x) ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

/**
 * Upper regularised incomplete gamma function Q(a, x) = 1 − P(a, x), exact in the far tail, for a > 0, x ≥ 0.
 *
 * Lies: for a < 0.1 and x < 1 the complement costs up to two digits. Cost and source as {@link lowerGammaRatio}.
 *
 * @example upperGammaRatio(4.5, 30) // 1.3406780483959625e-9
 */
export function upperGammaRatio(a: number, x: number): number {
  checkArguments(a, x);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  return usesSeries(a, x) ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

function checkArguments(a: number, x: number): void {
  if (!(a > 0) || a === Infinity) throw new RangeError(`incomplete gamma needs a finite a > 0, got ${a}`);
  if (!(x >= 0)) throw new RangeError(`incomplete gamma needs x >= 0, got ${x}`);
}

/** The series is short left of the mean, the fraction right of it; below a = 1 the fraction is good from x = 1. */
function usesSeries(a: number, x: number): boolean {
  return a < 1 ? x < 1 : x < a + 1;
}

function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k += 1) {
    term *= x / (a + k);
    sum += term;
  }
  return poissonMass(a, x) * sum;
}

/** Legendre's continued fraction, evaluated forwards with Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1_000_000; i += 1) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 4e-16) break;
  }
  return poissonMass(a, x) * a * h;
}

/** Lentz's method divides by partial denominators, which may vanish without the fraction doing so. */
function nonZero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x;
}

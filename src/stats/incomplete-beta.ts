import { binomialMass } from './binomial-mass.js';

/**
 * Regularised incomplete beta function I_x(a, b) = ∫₀^x u^(a−1) (1 − u)^(b−1) du / B(a, b), for a, b > 0 and x in [0, 1].
 *
 * Tails of Student's t, F, the binomial and the beta distribution are all this function. Pass `complement` = 1 − x
 * when it is known more exactly than the subtraction gives it.
 * Lies: a result close to 1 has lost its complement; ask for betaRatio(1 − x, b, a, x) instead. Relative error about
 * 1e-14. Cost: O(√max(a, b)). Source: NIST DLMF 8.17.22 (continued fraction), 8.17.4 (symmetry).
 *
 * @example betaRatio(0.5, 2, 3) // 0.6875
 */
export function betaRatio(x: number, a: number, b: number, complement: number = 1 - x): number {
  if (!(a > 0 && b > 0)) throw new RangeError(`betaRatio needs a > 0 and b > 0, got a = ${a}, b = ${b}`);
  if (!(x >= 0 && x <= 1)) throw new RangeError(`betaRatio needs x in [0, 1], got ${x}`);
  if (x === 0) return 0;
  if (complement === 0) return 1;
  return x < (a + 1) / (a + b + 2)
    ? leftFraction(x, complement, { a, b })
    : 1 - leftFraction(complement, x, { a: b, b: a });
}

interface Shape {
  readonly a: number;
  readonly b: number;
}

/** The continued fraction, good for x below the mean; Lentz's method. */
function leftFraction(x: number, y: number, { a, b }: Shape): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 1_000_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 4e-16) break;
  }
  // x^a y^b / (a B(a, b)) as a binomial probability: full precision where a and b are large.
  return ((binomialMass(a, a + b, x, y) * b) / (a + b)) * h;
}

function nonZero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x;
}

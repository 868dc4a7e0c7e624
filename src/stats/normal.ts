import { gaussianExponential } from './gaussian-exponential.js';
import { millsRatio } from './mills-ratio.js';
import { erf } from './error-function.js';

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
/** Inside ±0.5 the centre is computed as ½ ± ½ erf, outside it as a tail. */
const CENTRE = 0.5;

/** Wichura's rational approximations of the three zones of the quantile, constant term first. */
const QUANTILE_CENTRE = {
  numerator: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
    67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  denominator: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
} as const;
const QUANTILE_TAIL = {
  numerator: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  denominator: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
} as const;
const QUANTILE_FAR_TAIL = {
  numerator: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  denominator: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
} as const;

/**
 * Standard normal distribution function Φ(x) = P(Z ≤ x).
 *
 * Lies: close to 1 its complement is gone; ask {@link normalSurvival}. Relative error about 1e-15, tails included.
 * Cost: O(1). Source: Mills' ratio, W. J. Cody (1969).
 *
 * @example normalCdf(1.96) // 0.9750021048517795
 */
export function normalCdf(x: number): number {
  return normalSurvival(-x);
}

/**
 * Standard normal survival function P(Z > x), exact in the far right tail (down to 1e-308 at x = 37.5).
 *
 * Lies: never. Cost: O(1). Source: as {@link normalCdf}.
 *
 * @example normalSurvival(6) // 9.865876450376946e-10
 */
export function normalSurvival(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('normal distribution needs a number, got NaN');
  if (Math.abs(x) < CENTRE) return 0.5 - 0.5 * erf(x * Math.SQRT1_2);
  if (x < 0) return 1 - normalSurvival(-x);
  if (x === Infinity) return 0;
  return INVERSE_SQRT_TWO_PI * millsRatio(x) * gaussianExponential(x);
}

/**
 * Quantile of the standard normal: the z with Φ(z) = p; −Infinity at 0, Infinity at 1.
 *
 * For an upper tail q use −normalQuantile(q): 1 − q would throw the digits away.
 * Lies: never; relative error about 1e-15. Cost: O(1). Source: M. J. Wichura (1988), algorithm AS 241, Applied
 * Statistics 37.
 *
 * @example normalQuantile(0.005) // -2.575829303548901
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile needs p in [0, 1], got ${p}`);
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  const fromCentre = p - 0.5;
  if (Math.abs(fromCentre) <= 0.425) {
    return fromCentre * ratio(QUANTILE_CENTRE, 0.180625 - fromCentre * fromCentre);
  }
  const depth = Math.sqrt(-Math.log(fromCentre < 0 ? p : 1 - p));
  const size = depth <= 5 ? ratio(QUANTILE_TAIL, depth - 1.6) : ratio(QUANTILE_FAR_TAIL, depth - 5);
  return fromCentre < 0 ? -size : size;
}

interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

function ratio({ numerator, denominator }: Rational, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((value, coefficient) => value * x + coefficient, 0);
}

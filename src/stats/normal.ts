import { gaussianExponential } from './gaussian-exponential.js';
import { millsRatio } from './mills-ratio.js';
import { erf } from './error-function.js';

const INVERSE_SQRT_TWO_PI = 0.398942280401432677939946059934;
/** Inside ±0.5 the centre is computed as ½ ± ½ erf, outside it as a tail. */
const CENTRE = 0.5;

/** Wichura's rational approximations of the three zones of the quantile, constant term first. */
const QUANTILE_CENTRE = {
  numerator: [
    3.387132872796366608, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
  ],
  denominator: [
    1, 4.2313330701600911252e1, 6.871870074920579083e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
    3.930789580009271061e4, 2.8729085735721942674e4, 5.226495278852854561e3,
  ],
} as const;
const QUANTILE_TAIL = {
  numerator: [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
  ],
  denominator: [
    1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
    1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
} as const;
const QUANTILE_FAR_TAIL = {
  numerator: [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
    2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  denominator: [
    1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
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

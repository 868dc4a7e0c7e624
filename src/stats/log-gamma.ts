const HALF_LOG_TWO_PI = 0.9189385332046728;
/** From here on seven terms of Stirling's series are exact to a double. */
const SERIES_FROM = 15;

/**
 * Natural logarithm of the gamma function, for x > 0.
 *
 * Definition: ln ∫₀^∞ u^(x−1) e^(−u) du. Small arguments are shifted up with Γ(x) = Γ(x + k) / (x (x + 1) … (x + k − 1)).
 * Lies: close to its zeros at 1 and 2 the absolute error (1e-15) holds, the relative one does not.
 * Cost: O(1), at most 15 multiplications. Source: Stirling's series, NIST DLMF 5.11.1.
 *
 * @example logGamma(0.5) // 0.5723649429247001 = ln √π
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs x > 0, got ${x}`);
  if (x === 1 || x === 2) return 0;
  let product = 1;
  let shifted = x;
  while (shifted < SERIES_FROM) {
    product *= shifted;
    shifted += 1;
  }
  return logGammaOfLarge(shifted) - Math.log(product);
}

function logGammaOfLarge(x: number): number {
  const s = 1 / (x * x);
  const inner = 1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s * (1 / 156)));
  const correction = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * inner))) / x;
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + correction;
}

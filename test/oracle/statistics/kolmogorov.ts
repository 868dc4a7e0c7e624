/**
 * Survival function of Kolmogorov's distribution: the limit of P(√n D > x) under the hypothesis of equality.
 *
 * Definition: 2 Σ (−1)^(k−1) e^(−2k²x²); below 1 the theta-transformed series, which converges there instead.
 * Lies: it is a limit; at n < 50 ask the exact law in kolmogorov-smirnov.ts. Relative error about 1e-15.
 * Cost: O(1), at most five terms. Source: NIST DLMF 20.7.32; Kolmogorov (1933).
 *
 * @example kolmogorovSurvival(1) // 0.26999967167735456
 */
export function kolmogorovSurvival(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('kolmogorovSurvival needs a number, got NaN');
  if (x <= 0) return 1;
  return x < 0.8 ? 1 - lowerSeries(x) : upperSeries(x);
}

function upperSeries(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 6; k += 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}

function lowerSeries(x: number): number {
  const exponent = (Math.PI * Math.PI) / (8 * x * x);
  let sum = 0;
  for (let odd = 1; odd <= 9; odd += 2) sum += Math.exp(-odd * odd * exponent);
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

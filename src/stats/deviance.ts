/**
 * Deviance of an observed x from an expected m: x ln(x / m) + m − x, for x ≥ 0 and m > 0; never negative.
 *
 * Written as a series near x = m, where the plain formula is a difference of equal numbers.
 * Lies: never. Cost: O(1), at most a dozen terms. Source: C. Loader (2000), "Fast and accurate computation of
 * binomial probabilities", function bd0.
 *
 * @example deviance(10, 9) // 0.0536051565782628
 */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = difference / (x + m);
  const v2 = v * v;
  let sum = difference * v;
  let term = 2 * x * v;
  for (let odd = 3; ; odd += 2) {
    term *= v2;
    const next = sum + term / odd;
    if (next === sum) return next;
    sum = next;
  }
}

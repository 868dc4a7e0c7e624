import type { Measured } from './measured.js';

/**
 * A mean from Σx and Σx² of n values, with sampling variance s²/n; null below two values.
 *
 * Lies: where single values dominate the sum. Cost: O(1).
 *
 * @example meanComponent({ n: 4, sum: 10, sumSquares: 30 }) // { y: 2.5, v: 0.41666666666666669 }
 */
export function meanComponent({
  n,
  sum,
  sumSquares,
}: {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}): Measured | null {
  if (n < 2) return null;
  const mean = sum / n;
  const variance = Math.max(sumSquares - n * mean * mean, 0) / (n - 1);
  return { y: mean, v: variance / n };
}

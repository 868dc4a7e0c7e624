import type { Measured } from './feature-components.js';

/**
 * Pearson's X² of category counts against expected shares, as the cube root per degree of freedom (B − 1), which is close
 * to normal with variance 2/(9 df); null below two categories.
 *
 * Lies: where many categories expect less than one row. Cost: O(categories). Source: Wilson and Hilferty (1931).
 *
 * @example shapeComponent([30, 70], [0.5, 0.5])?.y // 2.5198
 */
export function shapeComponent(counts: readonly number[], expected: readonly number[]): Measured | null {
  const df = counts.length - 1;
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (df < 1 || n === 0) return null;
  let pearson = 0;
  for (let b = 0; b < counts.length; b += 1) {
    const mean = n * Math.max(expected[b] ?? 0, 1e-12);
    pearson += ((counts[b] ?? 0) - mean) ** 2 / mean;
  }
  return { y: Math.cbrt(pearson / df), v: 2 / (9 * df) };
}

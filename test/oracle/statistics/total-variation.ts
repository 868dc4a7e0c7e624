import { pairedShares } from '../../../src/stats/paired-shares.js';

/**
 * Total variation distance, ½ Σ |p − q|: the share of rows that would have to change bin.
 *
 * Lies: it has no pivot, and its mean under no change is about 0.4 √(bins / n): never a threshold by itself.
 * Cost: O(bins). Source: Levin and Peres, Markov Chains and Mixing Times, 4.1.
 *
 * @example totalVariation([120, 180, 250, 200, 150, 100], [30, 60, 110, 120, 100, 80]) // 0.15
 */
export function totalVariation(reference: readonly number[], current: readonly number[]): number {
  return pairedShares(reference, current).reduce((sum, [p, q]) => sum + Math.abs(p - q), 0) / 2;
}

/**
 * Largest change of one bin's share, max |p − q|: answers "which category moved, and how far".
 *
 * Lies: blind to many small moves; the largest of many bins is large by chance alone. Cost: O(bins).
 * Source: the L-infinity norm, as TensorFlow Data Validation compares categorical features.
 *
 * @example largestDifference([120, 180, 250, 200, 150, 100], [30, 60, 110, 120, 100, 80]) // 0.06
 */
export function largestDifference(reference: readonly number[], current: readonly number[]): number {
  return pairedShares(reference, current).reduce((largest, [p, q]) => Math.max(largest, Math.abs(p - q)), 0);
}

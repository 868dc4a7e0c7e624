/** Rows that are alike: what they add to a numerator and a denominator, the sum of their weights, and that of the squares of these. */
export interface WeightedCell {
  readonly over: number;
  readonly under: number;
  readonly weight: number;
  readonly squares: number;
}

/** A ratio of weighted sums. */
export interface WeightedRatio {
  readonly value: number;
  readonly variance: number;
  /** Rows of equal weight that would say as much (Kish). */
  readonly effective: number;
}

/**
 * Hájek's estimator: Σ w·over / Σ w·under, with the variance Σ w²(over − value·under)² / (Σ w·under)². Weights are one over the probability that a row is
 * seen at all.
 *
 * Assumes that rows are seen independently with these probabilities. Undefined without a denominator: null. Cost: O(cells). Source: Hájek (1971).
 *
 * @example weightedRatio([{ over: 1, under: 1, weight: 2, squares: 4 }, { over: 0, under: 1, weight: 2, squares: 2 }])?.value // 0.5
 */
export function weightedRatio(cells: readonly WeightedCell[]): WeightedRatio | null {
  let [over, under, weight, squares] = [0, 0, 0, 0];
  for (const cell of cells) {
    over += cell.weight * cell.over;
    under += cell.weight * cell.under;
    if (cell.under === 0 && cell.over === 0) continue;
    weight += cell.weight;
    squares += cell.squares;
  }
  if (under === 0 || squares === 0) return null;
  const value = over / under;
  const spread = cells.reduce((sum, cell) => sum + cell.squares * (cell.over - value * cell.under) ** 2, 0);
  return { value, variance: spread / (under * under), effective: (weight * weight) / squares };
}

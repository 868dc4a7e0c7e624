/** What something cost at one size. */
export interface Point {
  readonly size: number;
  readonly cost: number;
}

/**
 * The exponent k of cost ≈ c · size^k: slope of a least-squares line through the logarithms. NaN with fewer than two sizes.
 *
 * @example exponent([{ size: 10, cost: 2 }, { size: 100, cost: 20 }]) // 1
 */
export function exponent(points: readonly Point[]): number {
  const logs = points.map(({ size, cost }) => [Math.log(size), Math.log(Math.max(cost, 1e-6))] as const);
  const mean = (i: 0 | 1) => logs.reduce((sum, point) => sum + point[i], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const covered = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covered / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

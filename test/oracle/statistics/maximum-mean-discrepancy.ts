/**
 * Unbiased squared maximum mean discrepancy of two samples of points, with the Gaussian kernel e^(−d² / 2σ²).
 *
 * Each point is a row of coordinates. Being unbiased it may be negative. Lies: its null law is that of a degenerate
 * U-statistic (calibrate by permutation), and everything hangs on σ; the median distance is the usual choice.
 * Cost: O((n + m)² d). Source: Gretton et al. (2012), JMLR 13, equation 3.
 *
 * @example maximumMeanDiscrepancy([[0], [1]], [[0], [1]], 1) // -0.3934693402873666
 */
export function maximumMeanDiscrepancy(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
  sigma: number,
): number {
  if (first.length < 2 || second.length < 2)
    throw new RangeError('MMD needs at least two points on either side');
  if (!(sigma > 0)) throw new RangeError(`MMD needs a kernel width > 0, got ${sigma}`);
  const kernel = (x: readonly number[], y: readonly number[]): number =>
    Math.exp(-squaredDistance(x, y) / (2 * sigma * sigma));
  let across = 0;
  for (const x of first) for (const y of second) across += kernel(x, y);
  return (
    meanWithin(first, kernel) + meanWithin(second, kernel) - (2 * across) / (first.length * second.length)
  );
}

function meanWithin<Point>(points: readonly Point[], kernel: (x: Point, y: Point) => number): number {
  let sum = 0;
  points.forEach((x, i) => {
    for (const y of points.slice(i + 1)) sum += 2 * kernel(x, y);
  });
  return sum / (points.length * (points.length - 1));
}

function squaredDistance(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, coordinate, i) => sum + (coordinate - (y[i] ?? 0)) ** 2, 0);
}

/**
 * Normalised discounted cumulative gain of the ranking that `now` gives the features, worth what they had `before`:
 * Σ before(i-th now)/log₂(i + 1) over the same sum in the best order. 1 where the order is the same; 0.9 is a usual floor.
 *
 * Ties in `now` keep their order. Lies: it follows the order only, so a share that doubles without passing another does not show.
 * Throws RangeError where lengths differ or nothing had any weight. Cost: O(n log n). Source: Järvelin and Kekäläinen (2002), ACM TOIS 20.
 *
 * @example rankingGain([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]) // 0.81
 */
export function rankingGain(before: readonly number[], now: readonly number[]): number {
  if (before.length !== now.length) throw new RangeError('rankings of different lengths');
  const order = now.map((weight, i) => ({ i, weight })).toSorted((a, b) => b.weight - a.weight);
  const ideal = gain(before.toSorted((a, b) => b - a));
  if (!(ideal > 0)) throw new RangeError('a ranking needs at least one feature with weight');
  return gain(order.map(({ i }) => before[i] ?? 0)) / ideal;
}

function gain(worths: readonly number[]): number {
  return worths.reduce((sum, worth, i) => sum + worth / Math.log2(i + 2), 0);
}

/**
 * Holm's adjusted p-values, in the order given: reject those at most α to keep the chance of any false rejection ≤ α.
 *
 * Lies: never, whatever the dependence; it is strict. Cost: O(n log n). Source: Holm (1979), Scandinavian J. Statistics 6.
 *
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = pValues.map(() => 1);
  const ascending = pValues.map((p, i) => [p, i] as const).sort(([x], [y]) => x - y);
  let largest = 0;
  ascending.forEach(([p, i], place) => {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - place)));
    adjusted[i] = largest;
  });
  return adjusted;
}

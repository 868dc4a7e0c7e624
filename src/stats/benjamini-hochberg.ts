/**
 * Benjamini and Hochberg's adjusted p-values, in the order given: reject those at most q to keep the false discovery rate ≤ q.
 *
 * Lies: it bounds the share of false alarms among alarms, not their number; when nothing changed every alarm is false.
 * Needs independence or positive dependence. Cost: O(n log n). Source: Benjamini and Hochberg (1995), JRSS-B 57.
 *
 * @example benjaminiHochberg([0.01, 0.04, 0.03]) // [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const n = pValues.length;
  const adjusted = pValues.map(() => 1);
  const descending = pValues.map((p, i) => [p, i] as const).sort(([x], [y]) => y - x);
  let smallest = 1;
  descending.forEach(([p, i], place) => {
    smallest = Math.min(smallest, (p * n) / (n - place));
    adjusted[i] = smallest;
  });
  return adjusted;
}

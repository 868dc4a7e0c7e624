/** Where an instant stands in an ascending list: the place of the first that is not before it. */
export function placeOf(starts: readonly number[], instant: number): number {
  let [low, high] = [0, starts.length];
  if (high > 0 && (starts[high - 1] ?? 0) < instant) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

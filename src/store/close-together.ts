/** So much time in one statement: a single old window must not have it read all that came after, of every version. */
const MOST_APART_MS = 3 * 86_400_000;

/** What is asked for in groups that are close in time, each in the order of its instants (epoch ms). */
export function closeTogether<Item>(
  asked: readonly Item[],
  instantOf: (item: Item) => number,
  mostApartMs = MOST_APART_MS,
): readonly (readonly Item[])[] {
  const groups: Item[][] = [];
  let first = -Infinity;
  for (const one of asked.toSorted((a, b) => instantOf(a) - instantOf(b))) {
    const instant = instantOf(one);
    if (instant - first > mostApartMs) {
      groups.push([]);
      first = instant;
    }
    groups.at(-1)?.push(one);
  }
  return groups;
}

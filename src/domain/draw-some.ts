/** Some of a list, each with the same chance, or all of it where there are no more; `draw` gives a number from 0 up to 1, each time another. */
export function drawSome<Item>(items: readonly Item[], most: number, draw: () => number): readonly Item[] {
  if (items.length <= most) return items;
  return items
    .map((item) => ({ item, at: draw() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ item }) => item);
}

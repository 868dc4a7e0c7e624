/** Characters that one statement binds at most, and of a width, a start, a revision and a track with what parts them. */
const MOST_BOUND = 100_000;
const NUMBERS_OF_ONE = 40;

/**
 * Versions, or judgements, in parts that a statement can bind, in the order that they have; a part also ends where `belongs` does not hold for its first and the next. What is bound is a field
 * of a form to a server, which refuses one of more than 128 KiB: three thousand models with names as long as many are. Five weeks of 5-minute windows are ten thousand judgements.
 */
export function boundParts<One extends { readonly model: string; readonly version: string }>(
  all: readonly One[],
  belongs: (first: One, next: One) => boolean = () => true,
): readonly (readonly One[])[] {
  const parts: One[][] = [];
  let characters = 0;
  for (const one of all) {
    const own = one.model.length + one.version.length + NUMBERS_OF_ONE;
    const part = parts.at(-1);
    if (part?.[0] && belongs(part[0], one) && characters + own <= MOST_BOUND) {
      part.push(one);
      characters += own;
    } else {
      parts.push([one]);
      characters = own;
    }
  }
  return parts;
}

/** Characters that one statement binds at most; of a width, a start, a revision and a track with what parts them; of one more start. */
const MOST_BOUND = 100_000;
const NUMBERS_OF_ONE = 40;
const ONE_START = 11;

interface Bound {
  readonly model: string;
  readonly version: string;
  /** Starts of windows, where several are bound. */
  readonly starts?: readonly number[];
}

/**
 * Versions, or judgements, in parts that a statement can bind, in the order that they have; a part also ends where `belongs` does not hold for its first and the next. What is bound is a field
 * of a form to a server, which refuses one of more than 128 KiB: three thousand models with names as long as many are. Five weeks of 5-minute windows are ten thousand judgements.
 */
export function boundParts<One extends Bound>(
  all: readonly One[],
  belongs: (first: One, next: One) => boolean = () => true,
): readonly (readonly One[])[] {
  const parts: One[][] = [];
  let characters = 0;
  for (const one of all) {
    const { model, version, starts = [] } = one;
    const own = model.length + version.length + NUMBERS_OF_ONE + ONE_START * starts.length;
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

import { type CategoricalBaseline, OPEN_DOMAIN } from '../domain/baseline.js';

const MOST_CATEGORIES = 30;
/** Values of a dictionary where no setting says otherwise. */
const MOST_TAIL = 1000;
const LEAST_SHARE = 0.005;

/** How often a value occurs. */
export interface CountedValue {
  readonly value: string;
  readonly c: number;
}

/**
 * What is kept of the values of a categorical feature, the most frequent first; `n` rows have one. What the dictionary cannot hold was seen in
 * the reference and would yet be taken for new: its share counts as mass never seen, so that the domain is not called closed.
 */
export function categoricalBaselineOf(
  counts: readonly CountedValue[],
  n: number,
  mostTail = MOST_TAIL,
): CategoricalBaseline {
  const categories = counts.filter(({ c }, i) => i < MOST_CATEGORIES && c / n >= LEAST_SHARE);
  const tail = counts.slice(categories.length, categories.length + mostTail);
  const held = [...categories, ...tail].reduce((sum, { c }) => sum + c, 0);
  const once = counts.slice(0, categories.length + mostTail).filter(({ c }) => c === 1).length;
  const unseenMass = n === 0 ? 0 : (once + n - held) / n;
  const names = (some: readonly CountedValue[]) => some.map(({ value }) => value);
  return {
    kind: 'categorical',
    categories: names(categories),
    tail: unseenMass < OPEN_DOMAIN ? names(tail) : [],
    unseenMass,
  };
}

import { placeOf } from './place-of.js';

/** A period of learning is looked at in so many equal parts, … */
const PARTS = 12;
/** … and rows in this many of them make it one: also those of a model that answers at weekends only. */
const LEAST_PARTS = 3;

/**
 * Where a model's learning begins: the first window with rows after which the period has rows in at least a quarter of its parts, so that a row or two
 * long before the others begin nothing. `starts` are windows with rows, ascending, epoch ms. Where no period is complete by `mark` yet, the
 * start of the one that may become one; null while there is none.
 */
export function learningStart(starts: readonly number[], learn: number, mark: number): number | null {
  for (const since of starts) {
    if (since + learn > mark) return since;
    const parts = Array.from({ length: PARTS }, (_, i) => since + (i * learn) / PARTS);
    const filled = parts.filter((from) => hasAny(starts, from, from + learn / PARTS));
    if (filled.length >= LEAST_PARTS) return since;
  }
  return null;
}

function hasAny(starts: readonly number[], from: number, to: number): boolean {
  return (starts[placeOf(starts, from)] ?? Infinity) < to;
}

import { windowStart } from './window.js';
import { placeOf } from './place-of.js';

const MINUTE = 60_000;
/** A period of learning is looked at in so many equal parts, … */
const PARTS = 12;
/** … and rows in this many of them make it one: also those of a model that answers at weekends only. */
const LEAST_PARTS = 3;
/** A window that had no row for no more of its beginning than this is whole: no law is spoilt by it. */
const LATE_SHARE = 1 / 20;

/** Of a model that learns, milliseconds. */
export interface LearningTerms {
  readonly learn: number;
  readonly window: number;
}

/** How long a model learns: whole windows, for one that is there in part has other numbers than any later one. */
export function learningSpan({ learn, window }: LearningTerms): number {
  return Math.ceil(learn / window) * window;
}

/**
 * Where a model's learning begins: with the first whole window after which the period has rows in at least a quarter of its parts, so that a row or
 * two long before the others begin nothing. `firsts` are the first minutes with rows of the windows that have any, ascending, epoch ms. Where no
 * period is complete by `mark` yet, the start of the one that may become one; null while there is none.
 */
export function learningStart(firsts: readonly number[], terms: LearningTerms, mark: number): number | null {
  const span = learningSpan(terms);
  for (const first of firsts) {
    const since = firstWhole(first, terms.window);
    if (since + span > mark) return since;
    const parts = Array.from({ length: PARTS }, (_, i) => since + (i * span) / PARTS);
    const filled = parts.filter((from) => hasAny(firsts, from, from + span / PARTS));
    if (filled.length >= LEAST_PARTS) return since;
  }
  return null;
}

/** Start of the first window that is there as a whole, of a stream that begins in a minute. */
function firstWhole(minute: number, window: number): number {
  const start = windowStart(minute, window);
  return minute + MINUTE - start <= LATE_SHARE * window ? start : start + window;
}

function hasAny(starts: readonly number[], from: number, to: number): boolean {
  return (starts[placeOf(starts, from)] ?? Infinity) < to;
}

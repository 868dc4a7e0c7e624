import { sliceName, type LossSums, type SliceSums, type WeakSlice } from '../domain/weak-slice.js';
import { benjaminiHochberg } from '../stats/benjamini-hochberg.js';
import { normalSurvival } from '../stats/normal.js';
import { Z95 } from './metric-interval.js';

/** Labelled rows of a slice below which it is not looked at, in either period: so many, and this part of all. */
export const LEAST_SLICE_ROWS = 50;
const LEAST_SLICE_SHARE = 0.005;
/** False discoveries among what the search finds, and the level at which all that it found is confirmed together. */
const DISCOVERY = 0.05;
const CONFIRMATION = 0.05;
/** A slice is weak from so many times the loss of the rest on, or from so many of its standard deviations. */
const TIMES = 1.5;
const DEVIATIONS = 0.4;
/** Two conditions are worth naming where they are worse together than each alone by a fifth. */
const WORSE_TOGETHER = 1.2;
/** As many as a person reads. */
const MOST_WEAK_SLICES = 20;

/** The losses of all rows, in both periods. */
export type AllLosses = Pick<SliceSums, 'searched' | 'after'>;

/**
 * Slices that are answered much worse than the rest: searched in one period at a false discovery rate of 5 %, and shown only where the period after it, which did
 * not choose them, shows the same at 5 % for all of them together. The most wrong answers beyond the rest's rate first.
 */
export function weakSlices(all: AllLosses, slices: readonly SliceSums[]): WeakSlice[] {
  const tested = slices.filter(
    ({ searched, after }) => isEnough(searched, all.searched) && isEnough(after, all.after),
  );
  const adjusted = benjaminiHochberg(tested.map(({ searched }) => against(searched, all.searched).p));
  const found = tested.filter(
    ({ searched }, i) => (adjusted[i] ?? 1) <= DISCOVERY && isLarge(searched, all.searched),
  );
  const confirmed = found.filter(({ after }) => {
    const { p } = against(after, all.after);
    return p <= CONFIRMATION / found.length && isLarge(after, all.after);
  });
  return confirmed
    .filter((one) => isWorseTogether(one, slices))
    .map((one) => shown(one, all))
    .sort((a, b) => excessOf(b) - excessOf(a))
    .slice(0, MOST_WEAK_SLICES);
}

function isEnough({ n }: LossSums, all: LossSums): boolean {
  return n >= Math.max(LEAST_SLICE_ROWS, LEAST_SLICE_SHARE * all.n) && all.n - n >= LEAST_SLICE_ROWS;
}

function restOf(slice: LossSums, all: LossSums): LossSums {
  return { n: all.n - slice.n, sum: all.sum - slice.sum, squares: all.squares - slice.squares };
}

const meanOf = ({ n, sum }: LossSums): number => sum / n;
const spreadOf = ({ n, sum, squares }: LossSums): number => Math.max(0, squares / n - (sum / n) ** 2);

/** Welch's comparison of a slice with all other rows; at fifty rows a normal law is near enough. */
function against(
  slice: LossSums,
  all: LossSums,
): { readonly difference: number; readonly error: number; readonly p: number } {
  const rest = restOf(slice, all);
  const difference = meanOf(slice) - meanOf(rest);
  const error = Math.sqrt(spreadOf(slice) / slice.n + spreadOf(rest) / rest.n);
  return { difference, error, p: error > 0 ? normalSurvival(difference / error) : difference > 0 ? 0 : 1 };
}

function isLarge(slice: LossSums, all: LossSums): boolean {
  const rest = restOf(slice, all);
  const difference = meanOf(slice) - meanOf(rest);
  return (
    difference > 0 &&
    (meanOf(slice) >= TIMES * meanOf(rest) || difference >= DEVIATIONS * Math.sqrt(spreadOf(all)))
  );
}

/** One condition always is; two only where neither says it alone. */
function isWorseTogether({ parts, after }: SliceSums, slices: readonly SliceSums[]): boolean {
  if (parts.length < 2) return true;
  const alone = slices.filter((one) => one.parts.length === 1 && parts.some((part) => sliceName([part]) === sliceName(one.parts))); // prettier-ignore
  return alone.every((one) => meanOf(after) >= WORSE_TOGETHER * meanOf(one.after));
}

function excessOf({ rows, loss, elsewhere }: WeakSlice): number {
  return rows * (loss - elsewhere);
}

function shown({ parts, after }: SliceSums, all: AllLosses): WeakSlice {
  const { difference, error } = against(after, all.after);
  return {
    slice: sliceName(parts),
    parts,
    rows: after.n,
    loss: meanOf(after),
    elsewhere: meanOf(restOf(after, all.after)),
    low: difference - Z95 * error,
    high: difference + Z95 * error,
  };
}

import { sliceName, type LossSums, type SliceSums, type WeakSlice } from '../domain/weak-slice.js';
import { benjaminiHochberg } from '../stats/benjamini-hochberg.js';
import { studentTSurvival } from '../stats/student-t.js';
import { Z95 } from './metric-interval.js';

/** Labelled rows of a slice below which it is not looked at, in either period: so many, and this part of all. */
export const LEAST_SLICE_ROWS = 50;
const LEAST_SLICE_SHARE = 0.005;
/** False discoveries among what the search finds, and the level at which all that it found is confirmed together. */
const DISCOVERY = 0.05;
const CONFIRMATION = 0.05;
/** A slice is worth naming from so many times the loss of the rest on, or from so many of its standard deviations, in the period that chooses; the one after it is asked only whether that is chance. */
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
 * not choose them, shows them to be worse at 5 % for all of them together (Holm's procedure). How much worse is what that period says, which is no smaller by having been chosen.
 * The most wrong answers beyond the rest's rate first.
 */
export function weakSlices(all: AllLosses, slices: readonly SliceSums[]): WeakSlice[] {
  const tested = slices.filter(
    ({ searched, after }) => isEnough(searched, all.searched) && isEnough(after, all.after),
  );
  const adjusted = benjaminiHochberg(tested.map(({ searched }) => against(searched, all.searched).p));
  const found = tested.filter(
    ({ searched }, i) => (adjusted[i] ?? 1) <= DISCOVERY && isLarge(searched, all.searched),
  );
  return confirmed(found, all)
    .filter((one) => isWorseTogether(one, slices))
    .map((one) => shown(one, all))
    .sort((a, b) => excessOf(b) - excessOf(a))
    .slice(0, MOST_WEAK_SLICES);
}

/** Those that the later period shows to be worse, at one level for all of them: the surest at the whole's part, each after it among those that are left. */
function confirmed(found: readonly SliceSums[], all: AllLosses): readonly SliceSums[] {
  const surest = found
    .map((slice) => ({ slice, p: against(slice.after, all.after).p }))
    .sort((a, b) => a.p - b.p);
  const first = surest.findIndex(({ p }, i) => p > CONFIRMATION / (surest.length - i));
  return surest.slice(0, first === -1 ? surest.length : first).map(({ slice }) => slice);
}

function isEnough({ n }: LossSums, all: LossSums): boolean {
  return n >= Math.max(LEAST_SLICE_ROWS, LEAST_SLICE_SHARE * all.n) && all.n - n >= LEAST_SLICE_ROWS;
}

function restOf(slice: LossSums, all: LossSums): LossSums {
  return { n: all.n - slice.n, sum: all.sum - slice.sum, squares: all.squares - slice.squares };
}

const meanOf = ({ n, sum }: LossSums): number => sum / n;
const spreadOf = ({ n, sum, squares }: LossSums): number => Math.max(0, squares / n - (sum / n) ** 2);

/** Welch's comparison of a slice with all other rows, with Satterthwaite's degrees of freedom: of fifty rows the far tail is no normal one's. */
function against(
  slice: LossSums,
  all: LossSums,
): { readonly difference: number; readonly error: number; readonly p: number } {
  const rest = restOf(slice, all);
  const difference = meanOf(slice) - meanOf(rest);
  const [own, other] = [spreadOf(slice) / slice.n, spreadOf(rest) / rest.n];
  const error = Math.sqrt(own + other);
  if (error === 0) return { difference, error, p: difference > 0 ? 0 : 1 };
  const freedom = (own + other) ** 2 / (own ** 2 / (slice.n - 1) + other ** 2 / (rest.n - 1));
  return { difference, error, p: studentTSurvival(difference / error, freedom) };
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

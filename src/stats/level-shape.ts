import { mass, tiltTo } from './exponential-tilt.js';

/** How the shares of a feature's bins change with its level, as the reference shows it. */
export interface LevelShape {
  /** By bin: normal scores with mean 0 and variance 1 over the whole reference. */
  readonly scores: readonly number[];
  /** Mean score of each group of reference windows, rising; at least two. */
  readonly levels: readonly number[];
  /** By group and bin: what the log share has beyond an exponential tilt of the whole reference to that level. */
  readonly beyondTilt: readonly (readonly number[])[];
  /** Variance of the level between windows of one slot, beyond sampling. */
  readonly wander: number;
}

/** What a window at its own level should look like, and how much of a change of form the level may explain by itself. */
export interface SharesAtLevel {
  readonly shares: readonly number[];
  /** Variance on the scale of a standardised score; 0 for levels the reference is full of. */
  readonly doubt: number;
}

/** A level this many standard deviations from its slot's is one the reference has hardly seen. */
const FAR = 1.5;
/** Change of form for each standard deviation of level beyond that; a log-normal's is about 0.7 with nothing learnt. */
const FORM_BY_LEVEL = 0.5;
/** Beyond the outermost groups the table is continued by one of its steps. */
const REACH = 1;

/**
 * Expected shares of a slot once the level of the window is known. Where values are skewed or heavy-tailed, a feature that only moves up or
 * down changes the form of its histogram as well; the reference shows how. Sampling moves the level along the normal scores alone, so only
 * the part of a deviation that wandering explains, wander/(wander + 1/n), is followed.
 *
 * Lies: where level and form change together in the reference for another reason. Cost: O(bins).
 */
export function sharesAtLevel(
  expected: readonly number[],
  counts: readonly number[],
  known: LevelShape,
): SharesAtLevel {
  const { scores, wander } = known;
  let n = 0;
  for (const count of counts) n += count;
  const followed = wander / (wander + 1 / n);
  if (!(followed > 0)) return { shares: expected, doubt: 0 };
  const slot = mass(expected, scores);
  const level = mass(counts, scores) / n;
  const far = Math.max(0, Math.abs(level - slot) - FAR * Math.sqrt(wander + 1 / n));
  return {
    shares: reshaped(expected, known, { from: slot, to: level, followed }),
    doubt: (followed * FORM_BY_LEVEL * far) ** 2,
  };
}

/**
 * Shares of the whole reference at the level of some counts, as far as that level is more than the chance of so few rows
 * (positive-part James–Stein).
 */
export function overallAtLevel(
  overall: readonly number[],
  counts: readonly number[],
  known: LevelShape,
): readonly number[] {
  const { scores } = known;
  const n = counts.reduce((sum, count) => sum + count, 0);
  const seen = n > 0 ? mass(counts, scores) / n : 0;
  const level = seen === 0 ? 0 : seen * Math.max(0, 1 - 1 / (n * seen * seen));
  if (level === 0) return overall;
  return reshaped(tiltTo(overall, scores, level), known, { from: 0, to: level, followed: 1 });
}

/** Shares with the change of form between two levels, as far as it is to be followed. */
function reshaped(
  shares: readonly number[],
  { levels, beyondTilt }: LevelShape,
  { from, to, followed }: { readonly from: number; readonly to: number; readonly followed: number },
): number[] {
  const [before, after] = [placeOf(from, levels), placeOf(to, levels)];
  const weights = shares.map((share, b) => {
    const change = between(beyondTilt, after, b) - between(beyondTilt, before, b);
    return share * Math.exp(followed * change);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The group at or below a level, and how far on to the next one it is. */
interface Place {
  readonly group: number;
  readonly part: number;
}

function placeOf(level: number, levels: readonly number[]): Place {
  let group = 0;
  while (group < levels.length - 2 && (levels[group + 1] ?? 0) <= level) group += 1;
  const low = levels[group] ?? 0;
  const step = (levels[group + 1] ?? 0) - low;
  return { group, part: step > 0 ? Math.max(-REACH, Math.min(1 + REACH, (level - low) / step)) : 0 };
}

function between(table: readonly (readonly number[])[], { group, part }: Place, bin: number): number {
  return (1 - part) * (table[group]?.[bin] ?? 0) + part * (table[group + 1]?.[bin] ?? 0);
}

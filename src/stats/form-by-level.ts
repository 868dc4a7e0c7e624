import { mass, standardise, tiltTo } from './exponential-tilt.js';
import type { LevelShape } from './level-shape.js';

/** Groups of windows by level, as parts of all: narrow at the ends, where form changes fastest. */
const CUTS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 1] as const;
/** A week of hours: fewer windows would be fitted, not learnt from. */
const LEAST_WINDOWS = 168;
/** Fewer windows than this in a group would be compared with themselves. */
const LEAST_WINDOWS_OF_LEVEL = 16;
/** Rows each bin of a group is given in advance, so that a handful of rows says little. */
const PRIOR_ROWS = 50;

/** What a level does to the form, without how far levels wander. */
export type FormByLevel = Omit<LevelShape, 'wander'>;

interface Seen {
  readonly counts: readonly number[];
  readonly n: number;
  readonly level: number;
}

/**
 * Learns how the bin shares of a numeric feature change with its level from the counts of reference windows: they are sorted by level into up
 * to eight groups, and each group's counts are held against those of an exponential tilt of the whole reference to the levels of its windows.
 * For normal values nothing is left; for skewed or heavy-tailed ones the rest is what a mere change of level does beyond the tilt.
 *
 * `overall` are the shares of the whole reference, `scores` their normal scores. Null below 168 windows, or where one bin holds everything.
 * Cost: O(windows · bins).
 */
export function fitFormByLevel(
  windows: readonly (readonly number[])[],
  overall: readonly number[],
  scores: readonly number[],
): FormByLevel | null {
  const standard = standardise(scores, overall);
  if (!standard) return null;
  const seen = windows.flatMap((counts) => {
    const n = rowsOf(counts);
    return n === 0 ? [] : [{ counts, n, level: mass(counts, standard) / n }];
  });
  if (seen.length < LEAST_WINDOWS) return null;
  const groups = grouped(seen.toSorted((a, b) => a.level - b.level));
  return {
    scores: standard,
    levels: groups.map((group) => total(group, ({ n, level }) => n * level) / total(group, ({ n }) => n)),
    beyondTilt: groups.map((group) => beyondTilt(group, overall, standard)),
  };
}

function grouped(sorted: readonly Seen[]): Seen[][] {
  const last = sorted.length;
  const ends = CUTS.map((cut) => Math.round(cut * last)).filter(
    (end) => end === last || (end >= LEAST_WINDOWS_OF_LEVEL && last - end >= LEAST_WINDOWS_OF_LEVEL),
  );
  return ends.map((end, i) => sorted.slice(ends[i - 1] ?? 0, end));
}

/** By bin: log of the rows found over those expected, both with rows given in advance. */
function beyondTilt(
  group: readonly Seen[],
  overall: readonly number[],
  scores: readonly number[],
): readonly number[] {
  const found = overall.map(() => PRIOR_ROWS);
  const expected = overall.map(() => PRIOR_ROWS);
  for (const { counts, n, level } of group) {
    const tilted = tiltTo(overall, scores, level);
    for (let b = 0; b < overall.length; b += 1) {
      found[b] = (found[b] ?? 0) + (counts[b] ?? 0);
      expected[b] = (expected[b] ?? 0) + n * (tilted[b] ?? 0);
    }
  }
  return found.map((rows, b) => Math.log(rows / (expected[b] ?? PRIOR_ROWS)));
}

function rowsOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function total(seen: readonly Seen[], read: (one: Seen) => number): number {
  return seen.reduce((sum, one) => sum + read(one), 0);
}

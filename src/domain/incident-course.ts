import {
  DAY,
  evidenceOf,
  extentIn,
  leadingExtent,
  mixed,
  shownFrom,
  stretchIn,
  stretchOf,
  together,
  toldExtent,
  type Shown,
  type Spell,
  type Stretch,
} from './course-stretch.js';
import { hasStayed, isSecond, returningWith, turningWith, type Turning } from './course-turning.js';
import { recurrenceOf } from './recurrence.js';
import { isByDay } from './statistic-text.js';

/** What all windows of an incident together say of it, in event time; folded from one window after another. */
export interface IncidentCourse extends Stretch {
  /** Earliest start of the change. */
  readonly onset: Date;
  /** The start is known to the day only. */
  readonly byDay: boolean;
  /** End of the first window that found it. */
  readonly foundAt: Date;
  /** Start of the first window that counts; absent where that is the one that found it. */
  readonly seenFrom?: Date | undefined;
  /** What came after the likeliest end of the change: a detector lets go later than that. It counts once all windows together say that the change went on. */
  readonly fading: Stretch | null;
  /** What may be another change; it is once it has stayed. */
  readonly turning: Turning | null;
  /** What may be a second change like the first, after the end of that; it is once windows say half as much for it. */
  readonly returning: Turning | null;
  /** The change that this one took the place of: of another size by far, or the other way, or after its end while the incident was open; or what had ended before it came back. */
  readonly earlier: (Stretch & { readonly onset: Date }) | null;
  /** Oldest first; of a change that comes and goes, the newest. */
  readonly spells: readonly Spell[];
}

const MOST_SPELLS = 12;
const HALF = 0.5;

/** The course that begins with the window that opens an incident. `past`: the windows since its onset in which nobody had found it yet, oldest first. */
export function beginCourse(shown: Shown, past: readonly Shown[] = []): IncidentCourse {
  const [first, ...rest] = [...past, shown];
  const seenFrom = shownFrom(first ?? shown);
  const all = rest.reduce((before, one) => together(before, stretchOf(one)), stretchOf(first ?? shown));
  return {
    onset: earlierOf(onsetOf(shown), shownFrom(first ?? shown)),
    byDay: isByDay(shown.statistic),
    foundAt: shown.to,
    ...(past.length === 0 && shown.restsFrom === undefined ? {} : { seenFrom }),
    ...all,
    fading: null,
    turning: null,
    returning: null,
    earlier: null,
    spells: [spellOf(shown)],
  };
}

/** The course with one more window. `anew`: it had gone and is back. A window at or before the newest is a correction, and counted already. */
export function continueCourse(course: IncidentCourse, shown: Shown, anew: boolean): IncidentCourse {
  if (shown.to <= (course.fading ?? course).lastAt) return course;
  const turning = anew ? null : turningWith(course, shown);
  if (turning && hasStayed(turning)) return turned(course, turning);
  const next = { ...folded(course, shown, anew), turning };
  const returning = next.fading === null ? null : returningWith(course, shown);
  return returning && isSecond(returning) ? turned(course, returning) : { ...next, returning };
}

/**
 * The course of a change that had ended and is back: since, size and windows are of what is there now, and what was there before is told apart. What comes at
 * the same time of every day is one change, of all its days. `past`: the windows before that show it, oldest first; `cleared`: some since its end were clear of it.
 */
export function returnCourse(
  course: IncidentCourse,
  shown: Shown,
  past: readonly Shown[] = [],
  cleared = true,
): IncidentCourse {
  if (shown.to <= (course.fading ?? course).lastAt) return course;
  const spells = [...course.spells, spellOf(shown)].slice(-MOST_SPELLS);
  if (recurrenceOf({ spells })) return { ...daily(course, shown), spells };
  // An estimate that reaches back over the end knows no better than the window does.
  const since = shown.since && shown.since >= course.lastAt ? shown.since : null;
  const begins = since ?? (cleared ? shownFrom(shown) : course.lastAt);
  // Nor do rows of before it that were put together with those of the window.
  const restsFrom = shown.restsFrom && shown.restsFrom < course.lastAt ? course.lastAt : shown.restsFrom;
  return {
    ...beginCourse(
      { ...shown, since, restsFrom },
      past.filter(({ from }) => from >= begins && from >= course.lastAt),
    ),
    earlier: { ...stretchIn(course), onset: course.onset },
    spells,
  };
}

/** The days so far and one more; the first ones were told apart while they were too few to be a habit. */
function daily(course: IncidentCourse, shown: Shown): IncidentCourse {
  const { earlier } = course;
  const isPart =
    earlier !== null && course.spells.some(({ from }) => from.getTime() === earlier.onset.getTime());
  const before = isPart
    ? { ...course, ...together(earlier, course), onset: earlier.onset, earlier: null }
    : course;
  return folded(before, shown, true);
}

/** The course of what is known to have gone on until an instant in which no window was judged. */
export function prolongCourse(course: IncidentCourse, until: Date): IncidentCourse {
  const { spells } = course;
  if (course.fading !== null || until <= course.lastAt) return course;
  return {
    ...course,
    lastAt: until,
    spells: spells.map((spell, i) => (i === spells.length - 1 ? { ...spell, to: until } : spell)),
  };
}

function folded(course: IncidentCourse, shown: Shown, anew: boolean): IncidentCourse {
  const { foundAt, fading, turning, returning, earlier, spells } = course;
  const seenFrom = seenFromWith(course, shown);
  const isBack = anew && showsHalf(course, shown);
  const start = isBack ? { onset: course.onset, byDay: course.byDay } : earlierStart(course, shown);
  const found = seenFrom === undefined ? { foundAt } : { foundAt, seenFrom };
  const rest = { ...start, ...found, turning, returning, earlier };
  if (isBack) {
    // What faded before an end is over.
    const all = [...spells, spellOf(shown)].slice(-MOST_SPELLS);
    return { ...together(course, stretchOf(shown)), ...rest, spells: all, fading: null };
  }
  const faded = fading ? together(fading, stretchOf(shown)) : stretchOf(shown);
  return isThere(course, shown)
    ? { ...together(course, faded), ...rest, spells: longer(spells, shown), fading: null }
    : { ...stretchIn(course), ...rest, spells, fading: faded };
}

/**
 * The course of a change that is seen to have begun earlier, where windows before the first that counts show at least half of it together, in its direction: late rows, or labels that came later, may show it there. `past`: the
 * windows since its estimated start, oldest first, as the one that was judged again has them. What is known to the day, has no size, or took the place of another change keeps its start.
 */
export function precededCourse(course: IncidentCourse, past: readonly Shown[], windowMs: number): IncidentCourse {
  const counted = seenFromOf(course, windowMs);
  const [first, ...rest] = past.filter(({ to }) => to <= counted);
  if (!first || course.byDay || course.earlier) return course;
  const before = rest.reduce((all, one) => together(all, stretchOf(one)), stretchOf(first));
  const { statistic, size } = leadingExtent(course);
  const then = extentIn(before, statistic);
  if (!then || then.weight === 0 || then.size * size < size ** 2 * HALF) return course;
  const onset = earlierOf(course.onset, shownFrom(first));
  const spells = course.spells.map((spell, i) => (i === 0 && course.spells.length === 1 ? { ...spell, from: onset } : spell));
  return { ...course, ...together(before, course), onset, seenFrom: shownFrom(first), spells };
} // prettier-ignore

/** Start of the first window that shows an incident of a model with windows so long; of rows of several that were put together, of the first of those. */
export function seenFromOf({ seenFrom, foundAt }: IncidentCourse, windowMs: number): Date {
  return seenFrom ?? new Date(foundAt.getTime() - windowMs);
}

/** Start of the first window that counts, where rows of earlier ones than that are put together with those of a later one. */
function seenFromWith(course: IncidentCourse, { restsFrom, from, to }: Shown): Date | undefined {
  if (restsFrom === undefined) return course.seenFrom;
  const known = seenFromOf(course, to.getTime() - from.getTime());
  return restsFrom < known ? restsFrom : course.seenFrom;
}

function firstCounted(course: IncidentCourse, shown: Shown): Date {
  const width = shown.to.getTime() - shown.from.getTime();
  return seenFromWith(course, shown) ?? new Date(course.foundAt.getTime() - width);
}

/** The course of the change that took the place of the one before. */
function turned(course: IncidentCourse, { before, onset, foundAt, ...now }: Turning): IncidentCourse {
  const spell = {
    from: onset,
    to: now.lastAt,
    weight: leadingExtent(now).weight,
    size: leadingExtent(now).size,
  };
  return {
    ...stretchIn(now),
    onset,
    byDay: false,
    foundAt,
    fading: null,
    turning: null,
    returning: null,
    earlier: { ...before, onset: course.onset },
    spells: [...course.spells, spell].slice(-MOST_SPELLS),
  };
}

function earlierOf(one: Date, other: Date): Date {
  return other < one ? other : one;
}

function onsetOf(shown: Shown): Date {
  const { since } = shown;
  const from = shownFrom(shown);
  return since && since < from ? since : from;
}

/**
 * What knows a start to the day only does not move one that falls into that day and is known better; that of another change is known. An estimate of a later window does not move it before the first window
 * that counts: size, windows and rows are of those, and people are told one beside the other.
 */
function earlierStart(course: IncidentCourse, shown: Shown): Pick<IncidentCourse, 'onset' | 'byDay'> {
  const byDay = isByDay(shown.statistic);
  const estimate = onsetOf(shown);
  const counted = firstCounted(course, shown);
  const onset = byDay || course.byDay || estimate >= counted ? estimate : counted;
  const ahead = course.onset.getTime() - onset.getTime();
  const known = { onset: course.onset, byDay: course.byDay };
  if (course.earlier) return known;
  if (course.byDay && !byDay && ahead <= 0) return ahead > -DAY ? { onset, byDay } : known;
  const least = byDay && !course.byDay ? DAY : 0;
  return ahead > 0 && ahead >= least ? { onset, byDay } : known;
}

function spellOf(shown: Shown): Spell {
  const { effect, n, weight = n } = shown;
  return { from: onsetOf(shown), to: shown.to, weight: effect === null ? 0 : weight, size: effect ?? 0 };
}

/**
 * Whether a change has gone on until a window, the newest: whether a mean that was moved from the onset until then is at least as likely as one that was moved until the end known so
 * far. Windows vary the less, the more rows they have, so that the likeliest end is where weight × size² of what lies before it is largest; with every window that has half of the change
 * that grows. What has no size is there while it is found; what a whole day says of yesterday is no word about this window where windows speak for themselves.
 */
function isThere(course: IncidentCourse, shown: Shown): boolean {
  const spoken = spokenOf(course, shown);
  if (spoken === 'by day') return false;
  const usual = extentIn(course, spoken);
  if (!usual || usual.weight === 0 || sizeIn(shown, spoken) === null) return true;
  const after = course.fading ? together(course.fading, stretchOf(shown)) : stretchOf(shown);
  const whole = extentIn(together(course, after), spoken) ?? usual;
  return whole.size * usual.size >= 0 && evidenceOf(whole) >= evidenceOf(usual);
}

/** Whether a window by itself shows at least half of a change, in its direction. */
export function showsHalf(course: IncidentCourse, shown: Shown): boolean {
  const spoken = spokenOf(course, shown);
  if (spoken === 'by day') return false;
  const usual = extentIn(course, spoken);
  const effect = sizeIn(shown, spoken);
  return effect === null || !usual || usual.weight === 0 || effect * usual.size >= usual.size ** 2 * HALF;
}

/** The statistic by which a window speaks of a change: what the change is told by says most, though something else may be louder in this window. */
function spokenOf(course: Stretch, shown: Shown): string {
  const lead = toldExtent(course).statistic;
  const statistic = shown.effects?.[lead] === undefined ? shown.statistic : lead;
  return isByDay(statistic) && !isByDay(lead) ? 'by day' : statistic;
}

function sizeIn({ statistic, effect, effects }: Shown, spoken: string): number | null {
  return spoken === statistic ? effect : (effects?.[spoken] ?? effect);
}

function longer(spells: readonly Spell[], { effect, n, weight = n, to }: Shown): readonly Spell[] {
  return spells.map((spell, i) => {
    if (i < spells.length - 1) return spell;
    const sized = effect === null ? spell : mixed(spell, weight, effect);
    return { from: spell.from, to, weight: sized.weight, size: sized.size };
  });
}

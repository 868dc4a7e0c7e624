import {
  DAY,
  extentIn,
  leadingExtent,
  mixed,
  stretchIn,
  stretchOf,
  together,
  toldExtent,
  type Shown,
  type Spell,
  type Stretch,
} from './course-stretch.js';
import { recurrenceOf } from './recurrence.js';
import { isByDay, isJudged } from './statistic-text.js';

/** Windows in a row that show another change than those before. */
interface Turning extends Stretch {
  readonly onset: Date;
  /** End of the first. */
  readonly foundAt: Date;
  /** What was known when they began. */
  readonly before: Stretch;
}

/** What all windows of an incident together say of it, in event time; folded from one window after another. */
export interface IncidentCourse extends Stretch {
  /** Earliest start of the change. */
  readonly onset: Date;
  /** The start is known to the day only. */
  readonly byDay: boolean;
  /** End of the first window that found it. */
  readonly foundAt: Date;
  /** What came after the newest window that showed at least half of it: a detector lets go later than the change. It counts once the change is back, or has gone on weaker for longer. */
  readonly fading: Stretch | null;
  /** What may be another change; it is once it has stayed. */
  readonly turning: Turning | null;
  /** The change that this one took the place of: of another size by far, or the other way, while the incident was open; or what had ended before it came back. */
  readonly earlier: (Stretch & { readonly onset: Date }) | null;
  /** Oldest first; of a change that comes and goes, the newest. */
  readonly spells: readonly Spell[];
}

const MOST_SPELLS = 12;
const HALF = 0.5;
const PART = 0.1;
/** So many times the size is another change, where so many windows had shown the first one and so many in a row show the other. */
const ANOTHER = 3;
const KNOWN = 6;
const STAYED = 3;

/** The course that begins with the window that opens an incident. */
export function beginCourse(shown: Shown): IncidentCourse {
  return {
    onset: onsetOf(shown),
    byDay: isByDay(shown.statistic),
    foundAt: shown.to,
    ...stretchOf(shown),
    fading: null,
    turning: null,
    earlier: null,
    spells: [spellOf(shown)],
  };
}

/** The course with one more window. `anew`: it had gone and is back. A window at or before the newest is a correction, and counted already. */
export function continueCourse(course: IncidentCourse, shown: Shown, anew: boolean): IncidentCourse {
  if (shown.to <= (course.fading ?? course).lastAt) return course;
  const turning = anew ? null : turningWith(course, shown);
  if (turning && turning.windows >= STAYED) return turned(course, turning);
  return { ...folded(course, shown, anew), turning };
}

/**
 * The course of a change that had ended and is back: since, size and windows are of what is there now, and what was there before is told apart. What comes at
 * the same time of every day is one change, of all its days.
 */
export function returnCourse(course: IncidentCourse, shown: Shown): IncidentCourse {
  if (shown.to <= (course.fading ?? course).lastAt) return course;
  const spells = [...course.spells, spellOf(shown)].slice(-MOST_SPELLS);
  if (recurrenceOf({ spells })) return { ...daily(course, shown), spells };
  // An estimate that reaches back over the end knows no better than the window does.
  const since = shown.since && shown.since >= course.lastAt ? shown.since : null;
  return {
    ...beginCourse({ ...shown, since }),
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
  const { foundAt, fading, turning, earlier } = course;
  const spells = anew
    ? [...course.spells, spellOf(shown)].slice(-MOST_SPELLS)
    : course.spells.map((spell, i) => (i === course.spells.length - 1 ? longer(spell, shown) : spell));
  const start = anew ? { onset: course.onset, byDay: course.byDay } : earlierStart(course, shown);
  const rest = { ...start, foundAt, spells, turning, earlier };
  if (anew || isThere(course, shown)) {
    // What faded before an end is over; what faded in between was a weaker part of it.
    const before = fading && !anew ? together(course, fading) : course;
    return { ...together(before, stretchOf(shown)), ...rest, fading: null };
  }
  const faded = fading ? together(fading, stretchOf(shown)) : stretchOf(shown);
  return goesOnWeaker(course, faded)
    ? { ...together(course, faded), ...rest, fading: null }
    : { ...stretchIn(course), ...rest, fading: faded };
}

/** The windows in a row, this one the newest, that show another change; null where it shows none. */
function turningWith({ turning, ...course }: IncidentCourse, shown: Shown): Turning | null {
  const before = turning?.before ?? stretchIn(course);
  if (!isAnother(before, shown)) return null;
  const stretch = stretchOf(shown);
  return turning
    ? { ...turning, ...together(turning, stretch) }
    : { ...stretch, onset: shown.from, foundAt: shown.to, before };
}

/** Whether a window shows another change than windows before it: many times as large, or at least half as large the other way. */
function isAnother(before: Stretch, shown: Shown): boolean {
  if (before.windows < KNOWN || isByDay(shown.statistic)) return false;
  return stretchOf(shown).extents.some(({ statistic, weight, size }) => {
    const usual = extentIn(before, statistic);
    if (!isJudged(statistic) || !usual || usual.windows < KNOWN || usual.size === 0 || weight === 0)
      return false;
    const times = size / usual.size;
    return times >= ANOTHER || times <= -HALF;
  });
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
    earlier: { ...before, onset: course.onset },
    spells: [...course.spells, spell].slice(-MOST_SPELLS),
  };
}

function onsetOf({ since, from }: Shown): Date {
  return since && since < from ? since : from;
}

/** What knows a start to the day only does not move one that falls into that day and is known better; that of another change is known. */
function earlierStart(course: IncidentCourse, shown: Shown): Pick<IncidentCourse, 'onset' | 'byDay'> {
  const onset = onsetOf(shown);
  const byDay = isByDay(shown.statistic);
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
 * Whether a window shows the change itself: half of it in the same direction. What has no size is there while it is found; what a whole day says of
 * yesterday is no word about this window where windows speak for themselves.
 */
export function isThere(course: Stretch, shown: Shown): boolean {
  const lead = toldExtent(course).statistic;
  // What the change is told by says most, though something else may be louder in this window.
  const statistic = shown.effects?.[lead] === undefined ? shown.statistic : lead;
  const effect = shown.effects?.[lead] ?? shown.effect;
  if (isByDay(statistic) && !isByDay(lead)) return false;
  const usual = extentIn(course, statistic);
  return effect === null || !usual || usual.weight === 0 || effect * usual.size >= usual.size ** 2 * HALF;
}

/** What faded for longer than the change was there, with a part of its size left, is the change, weaker; without, a detector that has not let go yet. */
function goesOnWeaker(course: IncidentCourse, faded: Stretch): boolean {
  const lead = toldExtent(course);
  const left = extentIn(faded, lead.statistic);
  return (left?.windows ?? 0) > course.windows && (left?.size ?? 0) * lead.size >= lead.size ** 2 * PART;
}

function longer(spell: Spell, { effect, n, weight = n, to }: Shown): Spell {
  const usual = spell.size;
  const there = effect === null || effect * usual >= usual * usual * HALF;
  const sized = effect === null ? spell : mixed(spell, weight, effect);
  return { from: spell.from, to: there ? to : spell.to, weight: sized.weight, size: sized.size };
}

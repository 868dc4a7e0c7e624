import { effectText, isByDay, statisticText } from './statistic-text.js';
import { spanText } from './wording.js';

/** A stretch in which a change was there. */
export interface Spell {
  readonly from: Date;
  /** End of the newest window that showed at least half of it: a detector lets go later than the change. */
  readonly to: Date;
  /** Mean effect, and the weight of the windows it is of. */
  readonly weight: number;
  readonly size: number;
}

/** How large a change is by one statistic; effects of different statistics do not add up. */
export interface Extent {
  readonly statistic: string;
  readonly windows: number;
  /** Of the windows together: their rows, or one each where a window without rows counts as much as another. */
  readonly weight: number;
  /** Mean effect by weight. */
  readonly size: number;
  /** The effect farthest from none. */
  readonly largest: number | null;
}

/** Windows that showed a change, or its fading, with what they say of its size. */
interface Stretch {
  /** End of the newest. */
  readonly lastAt: Date;
  readonly windows: number;
  readonly rows: number;
  /** By statistic, in order of appearance. */
  readonly extents: readonly Extent[];
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
  /** Oldest first; of a change that comes and goes, the newest. */
  readonly spells: readonly Spell[];
}

/** What one window shows of an incident. */
export interface Shown {
  readonly from: Date;
  readonly to: Date;
  readonly statistic: string;
  readonly effect: number | null;
  readonly n: number;
  /** How much the effect counts beside those of other windows; its rows where nothing is said. */
  readonly weight?: number;
  /** The engine's estimate of the start of the change. */
  readonly since: Date | null;
}

const MOST_SPELLS = 12;

/** The course that begins with the window that opens an incident. */
export function beginCourse(shown: Shown): IncidentCourse {
  return {
    onset: onsetOf(shown),
    byDay: isByDay(shown.statistic),
    foundAt: shown.to,
    ...stretchOf(shown),
    fading: null,
    spells: [spellOf(shown)],
  };
}

/** The course with one more window. `anew`: it had gone and is back. A window at or before the newest is a correction, and counted already. */
export function continueCourse(course: IncidentCourse, shown: Shown, anew: boolean): IncidentCourse {
  const { foundAt, fading } = course;
  if (shown.to <= (fading ?? course).lastAt) return course;
  const spells = anew
    ? [...course.spells, spellOf(shown)].slice(-MOST_SPELLS)
    : course.spells.map((spell, i) => (i === course.spells.length - 1 ? longer(spell, shown) : spell));
  const start = anew ? { onset: course.onset, byDay: course.byDay } : earlier(course, shown);
  const rest = { ...start, foundAt, spells };
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

function onsetOf({ since, from }: Shown): Date {
  return since && since < from ? since : from;
}

/** What knows a start to the day only does not move one that falls into that day and is known better. */
function earlier(course: IncidentCourse, shown: Shown): Pick<IncidentCourse, 'onset' | 'byDay'> {
  const onset = onsetOf(shown);
  const byDay = isByDay(shown.statistic);
  const ahead = course.onset.getTime() - onset.getTime();
  const known = { onset: course.onset, byDay: course.byDay };
  if (course.byDay && !byDay && ahead <= 0) return ahead > -DAY ? { onset, byDay } : known;
  const least = byDay && !course.byDay ? DAY : 0;
  return ahead > 0 && ahead >= least ? { onset, byDay } : known;
}

function spellOf(shown: Shown): Spell {
  const { effect, n, weight = n } = shown;
  return { from: onsetOf(shown), to: shown.to, weight: effect === null ? 0 : weight, size: effect ?? 0 };
}

function stretchOf({ from, to, n, statistic, effect, weight = n }: Shown): Stretch {
  // A day's rows stand in each of its windows.
  const part = isByDay(statistic) ? (to.getTime() - from.getTime()) / DAY : 1;
  const sized = effect === null ? { weight: 0, size: 0 } : { weight, size: effect };
  return {
    lastAt: to,
    windows: 1,
    rows: n * part,
    extents: [{ statistic, windows: 1, ...sized, largest: effect }],
  };
}

function stretchIn({ lastAt, windows, rows, extents }: Stretch): Stretch {
  return { lastAt, windows, rows, extents };
}

function together(before: Stretch, after: Stretch): Stretch {
  const known = before.extents.map((extent) => {
    const more = after.extents.find(({ statistic }) => statistic === extent.statistic);
    return more ? joined(extent, more) : extent;
  });
  const fresh = after.extents.filter(({ statistic }) => extentIn(before, statistic) === undefined);
  return {
    lastAt: after.lastAt,
    windows: before.windows + after.windows,
    rows: before.rows + after.rows,
    extents: [...known, ...fresh],
  };
}

function extentIn({ extents }: Stretch, statistic: string): Extent | undefined {
  return extents.find((extent) => extent.statistic === statistic);
}

function joined(a: Extent, b: Extent): Extent {
  const farther = a.largest === null || Math.abs(b.largest ?? 0) > Math.abs(a.largest);
  return {
    statistic: a.statistic,
    windows: a.windows + b.windows,
    ...mixed(a, b.weight, b.size),
    largest: farther ? b.largest : a.largest,
  };
}

/** The mean with so much more weight of another. */
function mixed(before: { readonly weight: number; readonly size: number }, weight: number, size: number) {
  const sum = before.weight + weight;
  return { weight: sum, size: sum > 0 ? before.size + ((size - before.size) * weight) / sum : 0 };
}

/**
 * Whether a window shows the change itself: half of it in the same direction. What has no size is there while it is found; what a whole day says of
 * yesterday is no word about this window where windows speak for themselves.
 */
function isThere(course: IncidentCourse, { statistic, effect }: Shown): boolean {
  if (isByDay(statistic) && !isByDay(leadingExtent(course).statistic)) return false;
  const usual = extentIn(course, statistic);
  return effect === null || !usual || usual.weight === 0 || effect * usual.size >= usual.size ** 2 * HALF;
}

/** What faded for longer than the change was there, with a part of its size left, is the change, weaker; without, a detector that has not let go yet. */
function goesOnWeaker(course: IncidentCourse, faded: Stretch): boolean {
  const lead = leadingExtent(course);
  const left = extentIn(faded, lead.statistic);
  return (left?.windows ?? 0) > course.windows && (left?.size ?? 0) * lead.size >= lead.size ** 2 * PART;
}

/** The statistic that most windows speak of; of several the first. */
function leadingExtent({ extents }: Stretch): Extent {
  const none = { statistic: '', windows: 0, weight: 0, size: 0, largest: null };
  return extents.reduce((lead: Extent, one) => (one.windows > lead.windows ? one : lead), none);
}

function longer(spell: Spell, { effect, n, weight = n, to }: Shown): Spell {
  const usual = spell.size;
  const there = effect === null || effect * usual >= usual * usual * HALF;
  const sized = effect === null ? spell : mixed(spell, weight, effect);
  return { from: spell.from, to: there ? to : spell.to, weight: sized.weight, size: sized.size };
}

const HALF = 0.5;
const PART = 0.1;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Spells that begin this much earlier or later on another day begin at the same time of day. */
const SAME_TIME = 3 * HOUR;
/** Twice is chance. */
const LEAST_SPELLS = 3;

/** A change that is there at the same time of every day. */
export interface Recurrence {
  /** Hours of the day, UTC, 0 to 24. */
  readonly fromHour: number;
  readonly toHour: number;
  /** Until then it may be back. */
  readonly mayReturnUntil: Date;
}

/** Whether the newest spells came at the same time of successive days; null where they did not. */
export function recurrenceOf({ spells }: IncidentCourse): Recurrence | null {
  const newest = spells.slice(-LEAST_SPELLS);
  const last = newest.at(-1);
  if (!last || newest.length < LEAST_SPELLS) return null;
  const apart = newest.slice(1).map(({ from }, i) => from.getTime() - (newest[i]?.from.getTime() ?? 0));
  if (apart.some((gap) => Math.abs(gap - DAY) > SAME_TIME)) return null;
  const lengths = newest.map(({ from, to }) => to.getTime() - from.getTime());
  // One that has just begun is not as short as it looks.
  const length = middle(lengths.slice(0, -1));
  const start = middle(newest.map(({ from }, i) => from.getTime() - i * DAY));
  const hour = (at: number) => (((at % DAY) + DAY) % DAY) / HOUR;
  return {
    fromHour: Math.round(hour(start)) % 24,
    toHour: Math.round(hour(start + length)) % 24,
    mayReturnUntil: new Date(last.from.getTime() + DAY + length + SAME_TIME),
  };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

/** What a person is told of an incident as a whole; pages, messages, API and demo all read it here. */
export interface IncidentFacts {
  readonly onset: Date;
  readonly foundAt: Date;
  readonly lastAt: Date;
  readonly windows: number;
  /** From the onset to the newest window that showed it, milliseconds. */
  readonly lastedMs: number;
  /** Mean effect over all its windows, weighted by their rows, in the unit of the statistic that most of them speak of; null where it has none. */
  readonly size: number | null;
  readonly largest: number | null;
  /** "daily, 06 to 12 h UTC"; null where it does not come and go. */
  readonly pattern: string | null;
}

/** The facts of an incident from its course. */
export function factsOf(course: IncidentCourse): IncidentFacts {
  const { onset, foundAt, lastAt, windows } = course;
  const { weight, size, largest } = leadingExtent(course);
  const recurrence = recurrenceOf(course);
  const twoDigits = (hour: number) => String(hour).padStart(2, '0');
  return {
    onset,
    foundAt,
    lastAt,
    windows,
    lastedMs: lastAt.getTime() - onset.getTime(),
    size: weight > 0 ? size : null,
    largest,
    pattern:
      recurrence && `daily, ${twoDigits(recurrence.fromHour)} to ${twoDigits(recurrence.toHour)} h UTC`,
  };
}

/** How bad an incident is over all its windows: `+0.52 sd over 31 windows in 2 d, largest +0.9 sd; daily, 06 to 12 h UTC`. */
export function extentText(check: string, course: IncidentCourse): string {
  const { size, largest, windows, lastedMs, pattern } = factsOf(course);
  const { statistic } = leadingExtent(course);
  const what = course.extents.length > 1 ? ` (${statisticText(statistic)})` : '';
  const text = (effect: number | null) => effectText(check, statistic, effect);
  const over = `${windows} ${windows === 1 ? 'window' : 'windows'} in ${spanText(lastedMs)}`;
  const most =
    windows > 1 && largest !== null && text(largest) !== text(size) ? `, largest ${text(largest)}` : '';
  return `${size === null ? '' : `${text(size)}${what} over `}${over}${most}${pattern === null ? '' : `; ${pattern}`}`;
}

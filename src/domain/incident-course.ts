import { effectText } from './statistic-text.js';
import { spanText } from './wording.js';

/** A stretch in which a change was there. */
export interface Spell {
  readonly from: Date;
  /** End of the newest window that showed at least half of it: a detector lets go later than the change. */
  readonly to: Date;
  readonly rows: number;
  /** Mean effect, weighted by rows. */
  readonly size: number;
}

/** What all windows of an incident together say of it, in event time; folded from one window after another. */
export interface IncidentCourse {
  /** Earliest start of the change. */
  readonly onset: Date;
  /** End of the first window that found it. */
  readonly foundAt: Date;
  /** End of the newest window that showed it. */
  readonly lastAt: Date;
  /** Windows that showed it. */
  readonly windows: number;
  /** What sizes are of: those of different statistics do not add up. */
  readonly statistic: string;
  readonly rows: number;
  /** Mean effect, weighted by rows. */
  readonly size: number;
  /** The effect farthest from none. */
  readonly largest: number | null;
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
  /** The engine's estimate of the start of the change. */
  readonly since: Date | null;
}

const MOST_SPELLS = 12;

/** The course that begins with the window that opens an incident. */
export function beginCourse(shown: Shown): IncidentCourse {
  const onset = onsetOf(shown);
  return {
    onset,
    foundAt: shown.to,
    lastAt: shown.to,
    windows: 1,
    statistic: shown.statistic,
    ...sizeOf(shown),
    spells: [spellOf(shown)],
  };
}

/** The course with one more window. `anew`: it had gone and is back. A window at or before the newest is a correction, and counted already. */
export function continueCourse(course: IncidentCourse, shown: Shown, anew: boolean): IncidentCourse {
  if (shown.to <= course.lastAt) return course;
  const onset = onsetOf(shown);
  const same = shown.statistic === course.statistic && course.rows > 0;
  const size = same ? added(course, shown) : { statistic: shown.statistic, ...sizeOf(shown) };
  const spells = anew
    ? [...course.spells, spellOf(shown)]
    : course.spells.map((spell, i) => (i === course.spells.length - 1 ? longer(spell, shown) : spell));
  return {
    onset: anew || course.onset < onset ? course.onset : onset,
    foundAt: course.foundAt,
    lastAt: shown.to,
    windows: course.windows + 1,
    ...size,
    spells: spells.slice(-MOST_SPELLS),
  };
}

function onsetOf({ since, from }: Shown): Date {
  return since && since < from ? since : from;
}

function spellOf(shown: Shown): Spell {
  return { from: onsetOf(shown), to: shown.to, rows: shown.n, size: shown.effect ?? 0 };
}

function sizeOf({ n, effect }: Shown): Pick<IncidentCourse, 'rows' | 'size' | 'largest'> {
  return effect === null ? { rows: 0, size: 0, largest: null } : { rows: n, size: effect, largest: effect };
}

/** The mean with so many more rows of another. */
function mixed(before: { readonly rows: number; readonly size: number }, rows: number, size: number) {
  const together = before.rows + rows;
  return { rows: together, size: together > 0 ? before.size + ((size - before.size) * rows) / together : 0 };
}

function added(course: IncidentCourse, { n, effect }: Shown) {
  const { statistic, rows, size, largest } = course;
  if (effect === null) return { statistic, rows, size, largest };
  const farther = largest === null || Math.abs(effect) > Math.abs(largest);
  return { statistic, ...mixed(course, n, effect), largest: farther ? effect : largest };
}

function longer(spell: Spell, { n, effect, to }: Shown): Spell {
  const usual = spell.size;
  // Half of it still there, in the same direction; what has no size is there while it is found.
  const there = effect === null || effect * usual >= usual * usual * HALF;
  return {
    from: spell.from,
    to: there ? to : spell.to,
    ...mixed(spell, n, effect ?? 0),
  };
}

const HALF = 0.5;
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
  /** Mean effect over all its windows, weighted by their rows, in the statistic's own unit; null where it has none. */
  readonly size: number | null;
  readonly largest: number | null;
  /** "daily, 06 to 12 h UTC"; null where it does not come and go. */
  readonly pattern: string | null;
}

/** The facts of an incident from its course. */
export function factsOf(course: IncidentCourse): IncidentFacts {
  const { onset, foundAt, lastAt, windows, rows, largest } = course;
  const recurrence = recurrenceOf(course);
  const twoDigits = (hour: number) => String(hour).padStart(2, '0');
  return {
    onset,
    foundAt,
    lastAt,
    windows,
    lastedMs: lastAt.getTime() - onset.getTime(),
    size: rows > 0 ? course.size : null,
    largest,
    pattern:
      recurrence && `daily, ${twoDigits(recurrence.fromHour)} to ${twoDigits(recurrence.toHour)} h UTC`,
  };
}

/** How bad an incident is over all its windows: `+0.52 sd over 31 windows in 2 d, at most +0.9 sd; daily, 06 to 12 h UTC`. */
export function extentText(check: string, course: IncidentCourse): string {
  const { size, largest, windows, lastedMs, pattern } = factsOf(course);
  const text = (effect: number | null) => effectText(check, course.statistic, effect);
  const over = `${windows} ${windows === 1 ? 'window' : 'windows'} in ${spanText(lastedMs)}`;
  const most =
    windows > 1 && largest !== null && text(largest) !== text(size) ? `, at most ${text(largest)}` : '';
  return `${size === null ? '' : `${text(size)} over `}${over}${most}${pattern === null ? '' : `; ${pattern}`}`;
}

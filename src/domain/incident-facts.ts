import { meanOfLevel, mixIn, toldExtent } from './course-stretch.js';
import type { IncidentCourse } from './incident-course.js';
import type { Incident } from './incident.js';
import { recurrenceOf, recurrenceText } from './recurrence.js';
import { effectText, namesItself, statisticText, statisticUnit } from './statistic-text.js';
import { percentText, spanText, utcText } from './wording.js';

/** What a person is told of an incident as a whole; pages, messages, API and demo all read it here. */
export interface IncidentFacts {
  readonly onset: Date;
  readonly foundAt: Date;
  readonly lastAt: Date;
  readonly windows: number;
  /** From the onset to the newest window that showed it, milliseconds. */
  readonly lastedMs: number;
  /** What `size` and `largest` are of; '' where no window had a number. */
  readonly statistic: string;
  /** Mean effect over all its windows, weighted by their rows, in the unit of the statistic that most of them speak of, a level by its true mean where that moved alike; null where it has none. */
  readonly size: number | null;
  readonly largest: number | null;
  /** "daily, 06 to 12 h UTC"; null where it does not come and go. */
  readonly pattern: string | null;
}

/** The facts of an incident from its course. */
export function factsOf(course: IncidentCourse): IncidentFacts {
  const { onset, foundAt, lastAt, windows } = course;
  const { statistic, weight, size, largest } = meanOfLevel(course) ?? toldExtent(course);
  const recurrence = recurrenceOf(course);
  return {
    onset,
    foundAt,
    lastAt,
    windows,
    lastedMs: lastAt.getTime() - onset.getTime(),
    statistic,
    size: weight > 0 ? size : null,
    largest,
    pattern: recurrence && recurrenceText(recurrence),
  };
}

/** What a picture of an incident shows window by window: what its size is told by, so that text and picture have one scale, of a mix the share that moved most; else the statistic that was told. */
export function drawnStatistic({
  signal,
  course,
  statistic,
}: Pick<Incident, 'signal' | 'course' | 'statistic'>): string {
  const [share] = mixIn(signal.check, course);
  if (share) return share.statistic;
  const told = meanOfLevel(course) ?? toldExtent(course);
  return told.weight > 0 ? told.statistic : statistic;
}

/**
 * How bad an incident is over all its windows: `+0.52 sd over 31 windows in 2 d, largest +0.9 sd; daily, 06 to 12 h UTC`. Of a mix of categories it is the share that moved most. `isNamed`: what
 * stands before it says already what the number is of.
 */
export function extentText(check: string, course: IncidentCourse, isNamed = false): string {
  const { windows, lastedMs, pattern, statistic, size, largest } = sizedBy(check, course);
  const what = isNamed || namesItself(check, statistic) ? '' : `${statisticText(statistic)} `;
  const text = (effect: number | null) => effectText(check, statistic, effect);
  if (check === 'freshness') return `${spanText(lastedMs)} without predictions`;
  if (statisticUnit(check, statistic) === 'windows') return inWindowsText(check, course, size);
  const most =
    windows > 1 && largest !== null && text(largest) !== text(size) ? `, largest ${text(largest)}` : '';
  const parts = [
    `${size === null ? '' : `${isFar(check, statistic, size) ? 'far outside the reference, ' : ''}${what}${text(size)} over `}${overText(course)}${most}`,
    pattern,
    earlierText(check, course),
  ];
  return parts.filter((part) => part !== null).join('; ');
}

/** `in 65 % of 25 windows in 25 min`: of what windows have as a whole, each has it or not. */
function inWindowsText(check: string, course: IncidentCourse, size: number | null): string {
  const { windows, pattern } = factsOf(course);
  const isInAll = size === null || Math.round((size / 100) * windows) >= windows;
  const parts = [`in ${isInAll ? '' : `${percentText(size / 100)} of `}${overText(course)}`, pattern, earlierText(check, course)];
  return parts.filter((part) => part !== null).join('; ');
} // prettier-ignore

/** So many standard deviations from the mean of a reference lies next to nothing of it: the number alone says nothing to anybody. */
const FAR_OUTSIDE = 10;

function isFar(check: string, statistic: string, size: number): boolean {
  return statisticUnit(check, statistic) === 'sd' && Math.abs(size) >= FAR_OUTSIDE;
}

/** The same of a change from something to something: `error rate 24 % → 75 % over 5 windows in 5 h; daily, 06 to 12 h UTC`. */
export function changeExtentText(check: string, course: IncidentCourse, change: string): string {
  const { pattern } = factsOf(course);
  const parts = [`${change} over ${overText(course)}`, pattern, earlierText(check, course)];
  return parts.filter((part) => part !== null).join('; ');
}

/** The facts, with the size of a mix by the share that moved most: a distance tells nobody what is there. */
function sizedBy(check: string, course: IncidentCourse): IncidentFacts {
  const facts = factsOf(course);
  const [share] = mixIn(check, course);
  return share ? { ...facts, ...share, windows: facts.windows } : facts;
}

/** `31 windows in 2 d`: on how many windows a number rests, and how long those are together. An estimate of the onset may lie long before the first of them. */
function overText(course: IncidentCourse): string {
  const { windows, lastAt, lastedMs } = factsOf(course);
  const { seenFrom, foundAt } = course;
  if (windows <= 1)
    return seenFrom
      ? `windows of ${spanText(lastAt.getTime() - seenFrom.getTime())} together`
      : `${windows} window`;
  const together = seenFrom
    ? lastAt.getTime() - seenFrom.getTime()
    : ((lastAt.getTime() - foundAt.getTime()) * windows) / (windows - 1);
  return `${windowsText(course)} in ${spanText(Math.min(lastedMs, together))}`;
}

/** `1 window`, `31 windows`. */
export function windowCount(windows: number): string {
  return `${windows} ${windows === 1 ? 'window' : 'windows'}`;
}

/** How many windows show it: `31 windows` or, where windows with too few rows were put together for them, of how long: `47 windows of 2 h`. */
export function windowsText({ windows, covers }: Pick<IncidentCourse, 'windows' | 'covers'>): string {
  const count = windowCount(windows);
  if (!covers) return count;
  const each = Math.round(covers.rests / windows / covers.width) * covers.width;
  if (each <= covers.width) return count;
  return `${count} of ${each * windows === covers.rests ? '' : 'about '}${spanText(each)}`;
}

/** Checks whose statistics are of different things: rows that lack values, slow calls, scores. */
export const OF_MANY_THINGS: ReadonlySet<string> = new Set(['segment_drift', 'service']);

/** `before that +6 percentage points (error rate) from 2026-11-13 06:00 UTC`; of what was another thing nothing is said. */
function earlierText(check: string, { earlier, ...now }: IncidentCourse): string | null {
  if (!earlier) return null;
  const { statistic, weight, size } = toldExtent(earlier);
  if (OF_MANY_THINGS.has(check) && statistic !== toldExtent(now).statistic) return null;
  const named = namesItself(check, statistic) ? '' : `${statisticText(statistic)} `;
  const what = weight > 0 ? `${named}${effectText(check, statistic, size)} ` : 'another ';
  return `before that ${what}from ${utcText(earlier.onset)}`;
}

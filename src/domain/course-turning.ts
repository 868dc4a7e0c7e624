import {
  evidenceOf,
  extentIn,
  shownFrom,
  stretchIn,
  stretchOf,
  toldExtent,
  together,
  type Shown,
  type Stretch,
} from './course-stretch.js';
import { isByDay, isJudged } from './statistic-text.js';

/** Windows that show another change than those before. */
export interface Turning extends Stretch {
  readonly onset: Date;
  /** End of the first. */
  readonly foundAt: Date;
  /** What was known when they began. */
  readonly before: Stretch;
}

/** What has to be known of a course to say whether it turns. */
interface Turnable extends Stretch {
  readonly fading: Stretch | null;
  readonly turning: Turning | null;
  readonly returning: Turning | null;
}

/** So many times the size is another change, where so many windows had shown the first one and so many in a row show the other. */
const ANOTHER = 3;
const KNOWN = 6;
const STAYED = 3;
const HALF = 0.5;

/** Whether so many windows in a row are another change. */
export function hasStayed({ windows }: Turning): boolean {
  return windows >= STAYED;
}

/** The windows in a row, this one the newest, that show another change; null where it shows none. */
export function turningWith({ turning, ...course }: Turnable, shown: Shown): Turning | null {
  const before = turning?.before ?? stretchIn(course);
  if (!isAnother(before, shown)) return null;
  return turning ? { ...turning, ...together(turning, stretchOf(shown)) } : begun(before, shown);
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

/** The windows after the end of a change, this one the newest, that together show at least half of it again; null where they do not. */
export function returningWith({ returning, fading, ...course }: Turnable, shown: Shown): Turning | null {
  if (isByDay(shown.statistic) || (fading?.windows ?? 0) < KNOWN) return null;
  const more = returning
    ? { ...returning, ...together(returning, stretchOf(shown)) }
    : begun(stretchIn(course), shown);
  const { usual, now } = sizesOf(more);
  return usual && now && now.size * usual.size >= usual.size ** 2 * HALF ? more : null;
}

/** Whether as much speaks for the second change as half of what does for the first: chance never does. */
export function isSecond(returning: Turning): boolean {
  const { usual, now } = sizesOf(returning);
  return (
    returning.windows >= STAYED &&
    usual !== undefined &&
    now !== undefined &&
    evidenceOf(now) >= HALF * evidenceOf(usual)
  );
}

function sizesOf({ before, ...now }: Turning) {
  const { statistic } = toldExtent(before);
  return { usual: extentIn(before, statistic), now: extentIn(now, statistic) };
}

function begun(before: Stretch, shown: Shown): Turning {
  return { ...stretchOf(shown), onset: shownFrom(shown), foundAt: shown.to, before };
}

import { DAY, type Spell } from './course-stretch.js';

const HOUR = DAY / 24;
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
export function recurrenceOf({ spells }: { readonly spells: readonly Spell[] }): Recurrence | null {
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

/** `daily, 06 to 12 h UTC`. */
export function recurrenceText({ fromHour, toHour }: Recurrence): string {
  const twoDigits = (hour: number) => String(hour).padStart(2, '0');
  return `daily, ${twoDigits(fromHour)} to ${twoDigits(toHour)} h UTC`;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

import type { Matcher } from '../domain/matcher.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A time that comes every week, such as a nightly load, in which what matches is not told. */
export interface Maintenance {
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** On which it begins. */
  readonly days: readonly Weekday[];
  /** Minutes of the day, local time; `to` before `from` is the next day. */
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
}

const DAY_MINUTES = 1440;

/** Whether a window is open at an instant. On days when clocks change it follows the wall clock. */
export function isUnderWay({ days, from, to, timezone }: Maintenance, now: Date): boolean {
  const { day, minute } = wallClock(timezone, now);
  const today = days.includes(day);
  if (from < to) return today && minute >= from && minute < to;
  const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day;
  return (today && minute >= from) || (days.includes(yesterday) && minute < to);
}

function wallClock(timeZone: string, now: Date): { readonly day: Weekday; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(now); // prettier-ignore
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const day = WEEKDAYS.find((one) => one === part('weekday').toLowerCase()) ?? 'mon';
  return { day, minute: (60 * Number(part('hour')) + Number(part('minute'))) % DAY_MINUTES };
}

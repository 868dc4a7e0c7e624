import { z } from 'zod';
import { isTimezone } from './timezone.js';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY_MINUTES = 1440;
const MINUTE = 60_000;

const ClockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 02:30')
  .transform((text) => 60 * Number(text.slice(0, 2)) + Number(text.slice(3)));

/** The fields of a time that comes every week, for schemas of files. */
export const WEEKLY_TIME = {
  /** On which it begins. */
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default([...WEEKDAYS]),
  from: ClockTime,
  to: ClockTime,
  timezone: z.string().refine(isTimezone, 'not an IANA time zone').default('UTC'),
};

/** A time that comes every week: `from` and `to` are minutes of the day, local time; a `to` before `from` is on the next day. */
export const WeeklyTime = z.strictObject(WEEKLY_TIME);
export type WeeklyTime = z.infer<typeof WeeklyTime>;

/** `sat, sun from 22:00 to 04:00 (Europe/Berlin)`; of every day `daily from …`. */
export function weeklyText({ days, from, to, timezone }: WeeklyTime): string {
  const on = days.length === WEEKDAYS.length ? 'daily' : days.join(', ');
  return `${on} from ${clockText(from)} to ${clockText(to)} (${timezone})`;
}

function clockText(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Whether it is that time at an instant. On days when clocks change it follows the wall clock. */
export function isWithin({ days, from, to, timezone }: WeeklyTime, now: Date): boolean {
  const { day, minute } = wallClock(timezone, now);
  const today = days.includes(day);
  if (from < to) return today && minute >= from && minute < to;
  const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day;
  return (today && minute >= from) || (days.includes(yesterday) && minute < to);
}

/** When the time under way at an instant ends, by the wall clock; where clocks leave that minute out, within an hour after it. */
export function endOf({ to, timezone }: WeeklyTime, now: Date): Date {
  const left = (to - wallClock(timezone, now).minute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const found = new Date(now.getTime() - (now.getTime() % MINUTE) + left * MINUTE);
  // A change of clocks in between: so many minutes late, or a day less so many.
  const off = (to - wallClock(timezone, found).minute + DAY_MINUTES) % DAY_MINUTES;
  const mended = new Date(found.getTime() + (off > DAY_MINUTES / 2 ? off - DAY_MINUTES : off) * MINUTE);
  return wallClock(timezone, mended).minute === to % DAY_MINUTES ? mended : found;
}

interface WallClock {
  readonly day: (typeof WEEKDAYS)[number];
  readonly minute: number;
}

function wallClock(timeZone: string, now: Date): WallClock {
  const parts = formatOf(timeZone).formatToParts(now);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const day = WEEKDAYS.find((one) => one === part('weekday').toLowerCase()) ?? 'mon';
  return { day, minute: (60 * Number(part('hour')) + Number(part('minute'))) % DAY_MINUTES };
}

/** One by zone, since making one takes long: routes are asked about every incident. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }); // prettier-ignore
  formats.set(timeZone, made);
  return made;
}

/** An instant that comes every week: `at` is minutes of the day, local time. */
export const WeeklyInstant = z.strictObject({
  day: z.enum(WEEKDAYS),
  at: ClockTime,
  timezone: WEEKLY_TIME.timezone,
});
export type WeeklyInstant = z.infer<typeof WeeklyInstant>;

/** When that instant last was, at an instant at the latest. Where clocks changed since, it follows the wall clock. */
export function lastOf({ day, at, timezone }: WeeklyInstant, now: Date): Date {
  const minute = now.getTime() - (now.getTime() % MINUTE);
  const ago = minutesSince({ day, at }, wallClock(timezone, now));
  const found = new Date(minute - ago * MINUTE);
  // A change of clocks in between: so many minutes early, or a week less so many.
  const off = minutesSince({ day, at }, wallClock(timezone, found));
  return off === 0 ? found : new Date(found.getTime() - (off > WEEK_MINUTES / 2 ? off - WEEK_MINUTES : off) * MINUTE); // prettier-ignore
}

const WEEK_MINUTES = 7 * DAY_MINUTES;

function minutesSince({ day, at }: Pick<WeeklyInstant, 'day' | 'at'>, clock: WallClock): number {
  const days = WEEKDAYS.indexOf(clock.day) - WEEKDAYS.indexOf(day);
  return (DAY_MINUTES * days + clock.minute - at + WEEK_MINUTES) % WEEK_MINUTES;
}

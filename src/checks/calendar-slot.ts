import type { Model } from '../domain/model.js';

/** Where a window stands in the week of the model's time zone. */
export interface CalendarSlot {
  /** 24 × weekday (0 = Monday) + hour; daily windows have hour 0. A day of the model's calendar is a Sunday. */
  readonly week: number;
  /** The same by its date alone. */
  readonly dated: number;
  /** Hour, plus 24 at the weekend: the slot of the expected bins. */
  readonly bins: number;
  /** Days since the epoch in that time zone. */
  readonly day: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What of a model decides where its windows stand. */
export type CalendarTerms = Pick<Model, 'window' | 'timezone' | 'calendar'>;

const SUNDAY = 6;

/** The slot of a window that starts at `from`; windows of a day or more know weekdays only. */
export function calendarSlot(
  from: Date,
  { window: windowMs, timezone, calendar }: CalendarTerms,
): CalendarSlot {
  const daily = windowMs >= DAY;
  // The middle of a daily window names its day even where midnight is not the model's midnight.
  const at = daily ? new Date(from.getTime() + windowMs / 2) : from;
  const { weekday, hour } = localTime(at, timezone);
  const slotHour = daily ? 0 : hour;
  const day = nearestDay(at, weekday);
  const like = calendar && isCalendarDay(calendar.days, day) ? SUNDAY : weekday;
  return { ...slotOn(like, slotHour), dated: 24 * weekday + slotHour, day };
}

/** The slot of an hour on a weekday, 0 is Monday. */
export function slotOn(weekday: number, hour: number): Pick<CalendarSlot, 'week' | 'bins'> {
  return { week: 24 * weekday + hour, bins: hour + (weekday >= 5 ? 24 : 0) };
}

const HOURS_OF_SLOT: readonly (readonly number[])[] = Array.from({ length: 48 }, (_, bins) => {
  const weekdays = bins < 24 ? [0, 1, 2, 3, 4] : [5, 6];
  return weekdays.map((weekday) => 24 * weekday + (bins % 24));
});

/** The hours of the week that share a slot of the expected bins. */
export function hoursOfSlot(bins: number): readonly number[] {
  return HOURS_OF_SLOT[bins] ?? [];
}

/** Whether a day is among dates, or among days of every year (`12-24`). */
function isCalendarDay(days: readonly string[], day: number): boolean {
  const date = new Date(day * DAY).toISOString().slice(0, 10);
  return days.includes(date) || days.includes(date.slice(5));
}

/** The day of that weekday nearest to an instant: zones are at most fourteen hours from UTC. */
function nearestDay(at: Date, weekday: number): number {
  const utc = Math.floor(at.getTime() / DAY);
  // The epoch began on a Thursday, which is 3.
  const ahead = (((weekday - 3 - utc) % 7) + 7) % 7;
  return ahead > 3 ? utc + ahead - 7 : utc + ahead;
}

function localTime(at: Date, timezone: string): { readonly weekday: number; readonly hour: number } {
  if (timezone === 'UTC') return { weekday: (at.getUTCDay() + 6) % 7, hour: at.getUTCHours() };
  const parts = formatter(timezone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? '';
  return { weekday: Math.max(0, WEEKDAYS.indexOf(part('weekday'))), hour: Number(part('hour')) };
}

/** A formatter costs far more than its use; it holds no state but its zone. */
function formatter(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: 'numeric',
    hourCycle: 'h23',
  });
  formatters.set(timezone, made);
  return made;
}

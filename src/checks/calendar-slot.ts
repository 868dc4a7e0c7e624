/** Where a window stands in the week of the model's time zone. */
export interface CalendarSlot {
  /** 24 × weekday (0 = Monday) + hour; daily windows have hour 0. */
  readonly week: number;
  /** Hour, plus 24 at the weekend: the slot of the expected bins. */
  readonly bins: number;
  /** Days since the epoch in that time zone. */
  readonly day: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The slot of a window that starts at `from`; windows of a day or more know weekdays only. */
export function calendarSlot(from: Date, windowMs: number, timezone: string): CalendarSlot {
  const daily = windowMs >= DAY;
  // The middle of a daily window names its day even where midnight is not the model's midnight.
  const at = daily ? new Date(from.getTime() + windowMs / 2) : from;
  const { weekday, hour } = localTime(at, timezone);
  const slotHour = daily ? 0 : hour;
  return {
    week: 24 * weekday + slotHour,
    bins: slotHour + (weekday >= 5 ? 24 : 0),
    day: nearestDay(at, weekday),
  };
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

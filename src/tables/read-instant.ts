/** Below the first an epoch counts seconds (until the year 5138), below the second milliseconds, below the third microseconds, else nanoseconds. */
const UNITS = [
  [1e11, 1000],
  [1e14, 1],
  [1e17, 1e-3],
  [Infinity, 1e-6],
] as const;
const DATE_TIME =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:\s*([AP]M))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;
/** Where the day comes first beyond doubt: with dots, and where the month has a name. */
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})\b(.*)$/;
/** Where it may be either: one day of the column that cannot be a month says which. */
const EITHER = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b(.*)$/;
const NAMED = /^(?:[a-z]{3},\s*)?(\d{1,2})[-\s]([a-z]{3})[a-z]*[-\s](\d{4})\b(.*)$/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const COMPACT = /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;
const EPOCH = /^-?\d+(?:\.\d*)?(?:[eE]\+?\d+)?$/;

/** An instant as epoch milliseconds, and whether its zone was said. */
export interface Instant {
  readonly ms: number;
  readonly zoned: boolean;
}

/** What comes first in dates such as 11/12/2026; null where nobody can tell. */
export type DayOrder = 'day' | 'month' | null;

/** What a date says of the order of its column: which of its parts can be no month; null where both can, or where it is no such date. */
export function orderSaid(text: string): DayOrder {
  const [, first = '0', second = '0'] = EITHER.exec(text) ?? [];
  if (Number(first) > 12) return 'day';
  return Number(second) > 12 ? 'month' : null;
}

/**
 * A time as a file has it: epoch seconds, milliseconds, microseconds or nanoseconds by their size, ISO 8601 with or without a zone, a date; also
 * 21.11.2026 and 21 Nov 2026, where nobody can take the day for the month, and clocks of twelve hours.
 * A time without a zone is in `zone` (an IANA name), 11/12/2026 in the `order` of its column. Null when it is no time.
 */
export function readInstant(value: unknown, zone: string, order: DayOrder = null): Instant | null {
  if (value instanceof Date) return finite(value.getTime(), true);
  if (isSheetDay(value)) return null;
  if (typeof value === 'number' || typeof value === 'bigint') return finite(epoch(Number(value)), true);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (COMPACT.test(text))
    return readText(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`, zone, null);
  return EPOCH.test(text) ? finite(epoch(Number(text)), true) : readText(text, zone, order);
}

/** What to say of a text that is no time and looks like two; '' of another. */
export function ambiguous(text: string): string {
  if (isSheetDay(text))
    return ': it looks like the day number of a spreadsheet; save dates as text, 2026-11-21 10:00';
  return EITHER.test(text)
    ? ': no date of the column says which is the month; write the year first, 2026-11-21 10:00'
    : '';
}

/** Days since 1900, from 1954 to 2173: as seconds they would all lie in the first day of 1970. */
function isSheetDay(value: unknown): boolean {
  if (typeof value === 'string' && !EPOCH.test(value.trim())) return false;
  const days = Number(value);
  return days >= 20_000 && days < 100_000;
}

function epoch(number: number): number {
  const factor = UNITS.find(([below]) => Math.abs(number) < below)?.[1] ?? NaN;
  return Math.round(number * factor);
}

const finite = (ms: number, zoned: boolean): Instant | null => (Number.isFinite(ms) ? { ms, zoned } : null);

function readText(text: string, zone: string, order: DayOrder): Instant | null {
  const parts = DATE_TIME.exec(yearFirst(text, order));
  if (!parts) return null;
  const [, year, month, day, shown = '0', minute = '0', second = '0', fraction = '', half, said] = parts;
  const hour = half === undefined ? shown : ofTwelve(Number(shown), half);
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number]; // prettier-ignore
  if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || !(h <= 24) || mi > 59 || s > 60) return null;
  const clock = Date.UTC(y, mo - 1, d, h, mi, s, Math.floor(Number(`0.${fraction || '0'}`) * 1000));
  if (said !== undefined) return finite(clock - offsetOf(said), true);
  return finite(zone === 'UTC' ? clock : inZone(clock, zone), false);
}

function yearFirst(text: string, order: DayOrder): string {
  const either = order === null ? null : EITHER.exec(text);
  if (either) {
    const [, first = '', second = '', year = '', rest = ''] = either;
    return order === 'day' ? `${year}-${second}-${first}${rest}` : `${year}-${first}-${second}${rest}`;
  }
  const dotted = DOTTED.exec(text);
  if (dotted) return `${dotted[3]}-${dotted[2]}-${dotted[1]}${dotted[4]}`;
  const named = NAMED.exec(text);
  const month = named ? MONTHS.indexOf((named[2] ?? '').toLowerCase()) : -1;
  return named && month >= 0 ? `${named[3]}-${month + 1}-${named[1]}${named[4]}` : text;
}

/** 12 AM is midnight, 12 PM noon; another hour than 1 to 12 is none. */
function ofTwelve(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return NaN;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** `+02:00`, `+0200` or `+02` in milliseconds. */
function offsetOf(zone: string): number {
  const parts = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (!parts) return 0;
  const [, sign, hours, minutes = '0'] = parts;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The instant at which clocks of the zone show this time; twice, because the first guess may lie beyond a change of the clocks. */
function inZone(clock: number, zone: string): number {
  const first = clock - shownAhead(clock, zone);
  return clock - shownAhead(first, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function shownAhead(instant: number, zone: string): number {
  const format = formats.get(zone) ?? formatOf(zone);
  formats.set(zone, format);
  const shown = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const two = '2-digit';
  return new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone: zone, year: 'numeric', month: two, day: two, hour: two, minute: two, second: two,
  }); // prettier-ignore
}

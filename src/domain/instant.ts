import { z } from 'zod';

/** A day, or a day and a time of day, with or without a zone. */
const ISO =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?<time>[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?<zone>\s?(?:[Zz]|[+-]\d\d:?\d\d))?)?$/u;

/**
 * An instant as people write it: RFC 3339, its time of day without seconds or zone, or a day. What names no zone is UTC, in whichever zone
 * the process runs. Null for any other text.
 */
export function instantOf(text: string): Date | null {
  const groups = ISO.exec(text.trim())?.groups;
  if (!groups) return null;
  const { time, zone } = groups;
  if (!isDay(Number(groups['year']), Number(groups['month']), Number(groups['day']))) return null;
  const at = new Date(
    time === undefined || zone !== undefined ? text.trim().replace(/\s(?=[Zz+-])/u, '') : `${text.trim()}Z`,
  );
  return Number.isNaN(at.getTime()) ? null : at;
}

/** The same of what a person asks for, who may be anywhere: a time of the day has to say its zone, a day alone is one of UTC. */
export function askedInstant(text: string): Date | null {
  const groups = ISO.exec(text.trim())?.groups;
  return groups?.['time'] !== undefined && groups['zone'] === undefined ? null : instantOf(text);
}

/** JavaScript reads the 31st of February as the 3rd of March. */
function isDay(year: number, month: number, day: number): boolean {
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}

/** An instant in a file or a request: text as `instantOf` reads it, epoch milliseconds, or a Date. */
export const Instant = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? (instantOf(value) ?? value)
      : typeof value === 'number'
        ? new Date(value)
        : value,
  z.date({ error: 'not an instant: write 2026-11-21T10:00:00Z or 2026-11-21' }),
);

import type { Baseline } from '../domain/baseline.js';

const DAY = 86_400_000;
/** A closed long weekend: how far the time of a reference may reach beyond its rows and still be the time in which they came. */
const LONGEST_REST = 3 * DAY;

/**
 * From when to when a reference speaks, in epoch milliseconds: from the first window with rows to the last, and the rest around them that was asked
 * for as well. What is closed at the end of a week was closed, and the week was seen whole. Null where no window has a time.
 */
export function referenceTime({
  source,
  windows,
}: Pick<Baseline, 'source' | 'windows'>): { readonly since: number; readonly until: number } | null {
  const first = windows.reduce((least, { from }) => Math.min(least, from.getTime()), Infinity);
  const last = windows.reduce((most, { to }) => Math.max(most, to.getTime()), -Infinity);
  if (first > last) return null;
  if (!('since' in source)) return { since: first, until: last };
  const since = Math.max(first - LONGEST_REST, Math.min(first, source.since.getTime()));
  const until = Math.min(last + LONGEST_REST, Math.max(last, source.until.getTime()));
  return { since, until };
}

/** The days of it; 0 without any. */
export function referenceDays(baseline: Pick<Baseline, 'source' | 'windows'>): number {
  const time = referenceTime(baseline);
  return time ? (time.until - time.since) / DAY : 0;
}

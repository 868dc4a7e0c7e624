import type { RecentWindows } from './fleet.reads.js';

/** Windows without a row that say nothing yet: the newest is under way, and rows come late. */
const WINDOWS_UNDER_WAY = 3;
/** So many times the longest gap that a model lately had is none of its gaps. */
const GAPS = 2;

/** What is known of when a model's rows come; instants are epoch ms. */
interface Coming {
  readonly windowMs: number;
  readonly newestRow: number | null;
}

/** How long no row has come, ms, where that is longer than a window under way and rows that come late explain; null elsewhere, and of a model that never had one. */
export function silenceOf({ windowMs, newestRow }: Coming, now: number): number | null {
  const silent = newestRow === null ? 0 : now - newestRow;
  return silent > WINDOWS_UNDER_WAY * windowMs ? silent : null;
}

/** Whether a silence is longer than the gaps that a model has between its windows: what sends a batch a night has not stopped in the afternoon. */
export function isStopped(silentMs: number, { points }: Pick<RecentWindows, 'points'>): boolean {
  const gaps = points.slice(1).map(([at], i) => at - (points[i]?.[0] ?? at));
  return silentMs > GAPS * 1000 * Math.max(0, ...gaps);
}

/** Predictions window by window up to now, oldest first: where none came there is none. The newest windows may not have been judged, so that two say nothing yet. */
export function volumesUntil(
  { points }: Pick<RecentWindows, 'points'>,
  { windowMs, newestRow }: Coming,
  now: number,
  most: number,
): readonly number[] {
  const counted = new Map(points.map(([at, volume]) => [at * 1000, volume]));
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return [];
  const end = Math.max(last[0] * 1000, now - 2 * windowMs > (newestRow ?? 0) ? now - 2 * windowMs : 0);
  const begin = Math.max(first[0] * 1000, end - (most - 1) * windowMs);
  const start = begin - (begin % windowMs);
  const length = Math.min(most, Math.floor((end - start) / windowMs) + 1);
  return Array.from({ length }, (_, i) => counted.get(start + i * windowMs) ?? 0);
}

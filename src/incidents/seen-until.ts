import { DAY } from '../domain/course-stretch.js';
import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';

/** Of windows that are longer, so many. */
const WINDOWS = 3;

/** How far apart in event time two findings may lie and still be about one thing, milliseconds: a day, or some windows where those are long. */
export function reachOf({ from, to }: Pick<Window, 'from' | 'to'>): number {
  return Math.max(DAY, WINDOWS * (to.getTime() - from.getTime()));
}

/** Something that was found in a window, in event time: since when it is there, and in which window that was seen. */
export interface FoundWhen {
  readonly onset: Date;
  readonly window: Pick<Window, 'from' | 'to'>;
}

/** Since when something that was found is there at the latest: a window that shows it holds it. Epoch milliseconds. */
export function thereSince({ onset, window }: FoundWhen): number {
  return Math.min(onset.getTime(), window.from.getTime());
}

/** Whether something that was found may be about what was seen in a stretch of time (epoch milliseconds): it is there within reach of it. */
export function isWithinReach(
  { from, until }: { readonly from: number; readonly until: number },
  found: FoundWhen,
): boolean {
  const reach = reachOf(found.window);
  return from <= found.window.to.getTime() + reach && thereSince(found) <= until + reach;
}

/**
 * The last moment at which an incident was seen, event time in epoch milliseconds: its likeliest end where windows after that no longer show it, whatever holds its detector; else the newest
 * window that spoke, were it to say that it has too few rows. A silence lasts until rows come again, through all windows that nobody judges.
 */
export function seenUntil({
  signal,
  course,
  clearWindows,
  lastWindowTo,
}: Pick<IncidentRecord, 'signal' | 'course' | 'clearWindows' | 'lastWindowTo'>): number {
  if (signal.check === 'freshness' && clearWindows === 0) return Infinity;
  const isFading = clearWindows > 0 || course.fading !== null;
  return Math.max(course.lastAt.getTime(), isFading ? 0 : lastWindowTo.getTime());
}

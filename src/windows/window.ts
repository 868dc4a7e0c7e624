import { graceOf } from './arrival-spread.js';
import { isHistoryBefore, isLateOnce, reached, type StreamProgress } from './stream-progress.js';

/** Start of the window that holds an instant: windows are aligned to the epoch, in UTC. All in epoch milliseconds. */
export function windowStart(instant: number, widthMs: number): number {
  return Math.floor(instant / widthMs) * widthMs;
}

/** When nothing arrived for this long, the reader's clock and not the stream says how far event time is. */
export const IDLE_MS = 120_000;
/** A source that is behind the others holds windows open for this much event time, or for one window where that is longer. */
const MOST_WAIT_MS = 3_600_000;

interface Limits {
  /** The longest that stragglers are waited for; a source that is known to be orderly is waited for less. */
  readonly graceMs: number;
  readonly widthMs: number;
  /** Everything that had arrived by this instant has been read; the clock may be far ahead of it. */
  readonly readUntil: number;
}

/** A source heard once, of which nobody knows when it comes again, is waited for so long. */
export const FIRST_WAIT_MS = 300_000;

/** A delay that was seen once and is shorter than this is no rhythm. */
const MOST_OUTAGE_MS = 12 * 3_600_000;

/** How far a stream is known to be complete; epoch ms. */
export interface Watermarks {
  /** Rows up to here are in. */
  readonly rows: number;
  /** Labels that were expected by here will not come any more. */
  readonly labels: number;
}

/**
 * How far event time is known to be complete: the newest event of the source that is furthest behind, less the grace for its stragglers.
 * Sources are what delivers in its own order, a Kafka partition or the HTTP endpoint of one process: after an outage they catch up
 * unevenly. A silent source is not waited for; when all are silent, time goes on by how far the reader has read, less the delay with which
 * rows lately came: a source that delivers once a day is silent for a day, and a back-fill that pauses is months from today.
 */
export function watermarks(heard: readonly StreamProgress[], limits: Limits): Watermarks {
  const { graceMs, widthMs, readUntil } = limits;
  const sources = heard.map((source) => ({ ...source, newest: reached(source, readUntil) }));
  const newest = Math.max(...sources.map((source) => source.newest));
  const mostWait = Math.max(MOST_WAIT_MS, widthMs);
  const active = sources.filter(({ grewAt }) => readUntil - grewAt <= IDLE_MS);
  if (active.length === 0) return silent(sources, newest, limits);
  const complete = active.map((source) => {
    const grace = graceOf(source.spread, { at: source.grewAt, most: graceMs });
    return Math.max(source.newest, newest - mostWait) - grace;
  });
  const rows = Math.min(...complete);
  return { rows, labels: rows };
}

/** What an earlier process knew of a history says nothing any more once rows of today were heard. */
function isSuperseded(source: StreamProgress, later: StreamProgress): boolean {
  return later.grewAt > source.grewAt && isHistoryBefore(source.delay, later.delay);
}

function silent(
  sources: readonly StreamProgress[],
  newest: number,
  { graceMs, widthMs, readUntil }: Limits,
): Watermarks {
  const near = sources.filter((source) => source.newest >= newest - Math.max(MOST_WAIT_MS, widthMs));
  const current = near.filter((source) => !near.some((later) => isSuperseded(source, later)));
  const delay = Math.max(0, ...current.map((source) => source.delay));
  const heardAt = Math.max(...sources.map(({ grewAt }) => grewAt));
  const waited = readUntil - heardAt >= FIRST_WAIT_MS;
  const once = waited && current.every(isLateOnce);
  // A single delay of hours may be an outage that is over; one of days is a rhythm, or a history.
  const believed = once && delay <= MOST_OUTAGE_MS ? 0 : delay;
  const known = Math.max(newest, readUntil - IDLE_MS - believed);
  // What came in one go is whole after a while, and says nothing of what comes after its last window.
  const whole = windowStart(newest, widthMs) + widthMs + graceMs;
  const going = newest + (readUntil - heardAt) - IDLE_MS;
  // What comes in order while it comes has nothing to be waited for once it has stopped.
  const grace = Math.max(
    ...current.map(({ spread, grewAt }) => graceOf(spread, { at: grewAt, most: graceMs })),
  );
  const rows = Math.max(known - grace, once ? Math.min(going, whole) - graceMs : -Infinity);
  return { rows, labels: waited ? Math.max(rows, readUntil - IDLE_MS - graceMs) : rows };
}

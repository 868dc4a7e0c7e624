/** Start of the window that holds an instant: windows are aligned to the epoch, in UTC. All in epoch milliseconds. */
export function windowStart(instant: number, widthMs: number): number {
  return Math.floor(instant / widthMs) * widthMs;
}

/** When nothing arrived for this long, the clock and not the stream says how far event time is. */
const IDLE_MS = 120_000;
/** A source that is behind the others holds windows open for this much event time, or for one window where that is longer. */
const MOST_WAIT_MS = 3_600_000;

export interface StreamProgress {
  /** Newest event time seen, epoch ms (start of its minute). */
  readonly newest: number;
  /** Clock time at which `newest` last grew, epoch ms. */
  readonly grewAt: number;
}

/**
 * How far event time is known to be complete: the newest event of the source that is furthest behind, less the grace for stragglers.
 * Sources are what delivers in its own order, a Kafka partition or the HTTP endpoint of one process: after an outage they catch up
 * unevenly. A silent source is not waited for; when all are silent the clock takes over, or they would hold their windows open for ever.
 */
export function watermark(
  sources: readonly StreamProgress[],
  { graceMs, widthMs, now }: { readonly graceMs: number; readonly widthMs: number; readonly now: number },
): number {
  const newest = Math.max(...sources.map((source) => source.newest));
  const active = sources.filter(({ grewAt }) => now - grewAt <= IDLE_MS);
  if (active.length === 0) return Math.max(newest, now - IDLE_MS) - graceMs;
  const slowest = Math.min(...active.map((source) => source.newest));
  return Math.max(slowest, newest - Math.max(MOST_WAIT_MS, widthMs)) - graceMs;
}

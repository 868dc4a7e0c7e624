/** Start of the window that holds an instant: windows are aligned to the epoch, in UTC. All in epoch milliseconds. */
export function windowStart(instant: number, widthMs: number): number {
  return Math.floor(instant / widthMs) * widthMs;
}

/** When nothing arrived for this long, the clock and not the stream says how far event time is. */
const IDLE_MS = 120_000;

export interface StreamProgress {
  /** Newest event time seen, epoch ms (start of its minute). */
  readonly newest: number;
  /** Clock time at which `newest` last grew, epoch ms. */
  readonly grewAt: number;
}

/**
 * How far a stream's event time is known to be complete: its newest event less the grace for stragglers. A stream that went silent
 * would hold its windows open for ever, so after IDLE_MS the clock takes over.
 */
export function watermark(stream: StreamProgress, graceMs: number, now: number): number {
  const idle = now - stream.grewAt > IDLE_MS;
  return (idle ? Math.max(stream.newest, now - IDLE_MS) : stream.newest) - graceMs;
}

import { FIRST_WAIT_MS, IDLE_MS, type Watermarks } from './window.js';
import { QUIET_MS, type StreamProgress } from './stream-progress.js';

/**
 * How far everything that was sent has to be read before watermarks can be where somebody waits for them, if nothing more comes: until then nobody need look. -Infinity
 * where they may be there at any moment. Between the moments at which a source is believed to the last row, or counts as silent, watermarks stand still while
 * any source is heard, and go on with the time while none is. `awaited`: the watermarks that something waits for; Infinity where nothing does.
 */
export function restUntil(
  heard: readonly StreamProgress[],
  readUntil: number,
  marks: Watermarks,
  awaited: Watermarks,
): number {
  let [next, newest] = [Infinity, -Infinity];
  for (const { heardAt, grewAt } of heard) {
    newest = Math.max(newest, grewAt);
    for (const moment of [heardAt + QUIET_MS, grewAt + IDLE_MS])
      if (moment >= readUntil) next = Math.min(next, moment);
  }
  if (newest + FIRST_WAIT_MS >= readUntil) next = Math.min(next, newest + FIRST_WAIT_MS);
  if (readUntil - newest <= IDLE_MS) return next;
  const missing = Math.min(awaited.rows - marks.rows, awaited.labels - marks.labels);
  return Number.isNaN(missing) ? -Infinity : Math.min(next, readUntil + missing);
}

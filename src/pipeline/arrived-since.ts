import type { WindowProfile } from '../domain/profile.js';
import type { Arrived } from '../profiles/own-rows.js';
import type { VerdictRecord } from './as-recorded.js';

/** Until when what a window was judged on had arrived, where its rows and labels are more by now: what comes too late to be judged is kept all the same. Undefined where they are as many. */
export function arrivedSince(
  { rows, track, predictions, labelled }: VerdictRecord,
  all: WindowProfile,
): Arrived | undefined {
  const isSame =
    all.predictions === predictions && (track !== 'labels' || all.performance.labelled === labelled);
  return rows && !isSame ? { rows: rows.rows.arrived, labels: rows.labels?.arrived ?? null } : undefined;
}

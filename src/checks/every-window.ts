import type { ReferenceWindow } from '../domain/baseline.js';
import { MOST_EMPTY } from '../domain/judged-empty.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';

/** What a window without rows shows: nothing but that there were none. */
const NOTHING: WindowProfile = {
  predictions: 0,
  features: {},
  unknownFeatures: [],
  performance: NO_LABELS,
  measures: {},
};

/**
 * The windows of a reference as they would have been judged live, in order of time: a reference holds those with rows, but a stream that
 * sleeps at night is judged at night as well. Of a longer silence, only the first 24 windows are, here as there.
 */
export function everyWindow(windows: readonly ReferenceWindow[], widthMs: number): ReferenceWindow[] {
  const ordered = windows.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  return ordered.flatMap((window, i) => {
    const before = ordered[i - 1]?.from.getTime() ?? window.from.getTime();
    const missing = Math.min(MOST_EMPTY, Math.round((window.from.getTime() - before) / widthMs) - 1);
    const empty = Array.from({ length: Math.max(0, missing) }, (_, k): ReferenceWindow => {
      const from = before + (k + 1) * widthMs;
      return { from: new Date(from), to: new Date(from + widthMs), profile: NOTHING };
    });
    return [...empty, window];
  });
}

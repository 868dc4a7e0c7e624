import type { WholeBaseline, ReferenceWindow } from '../domain/baseline.js';
import { MOST_EMPTY } from '../domain/judged-empty.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { referenceTime } from './reference-time.js';

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
 * sleeps at night is judged at night as well, also in the last of its nights. Of a longer silence, only the first 24 windows are, here as there.
 * What came before the first row is no silence: the stream may not have begun.
 */
export function everyWindow(
  baseline: Pick<WholeBaseline, 'source' | 'windows'>,
  widthMs: number,
): ReferenceWindow[] {
  const ordered = baseline.windows.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  const until = referenceTime(baseline)?.until ?? 0;
  return ordered.flatMap((window, i) => {
    const next = ordered[i + 1];
    const ends = window.from.getTime() + widthMs;
    const missing = next
      ? Math.round((next.from.getTime() - ends) / widthMs)
      : Math.floor((until - ends) / widthMs);
    const empty = Array.from({ length: Math.min(MOST_EMPTY, Math.max(0, missing)) }, (_, k) =>
      withoutRows(ends + k * widthMs, widthMs),
    );
    return [window, ...empty];
  });
}

function withoutRows(from: number, widthMs: number): ReferenceWindow {
  return { from: new Date(from), to: new Date(from + widthMs), profile: NOTHING };
}

import type { ReferenceWindow } from '../domain/baseline.js';
import { kindOf } from '../constraints/catalogue.js';
import { LEAST_ROWS, type SeriesIdentity } from './series.js';
import { seriesRows } from './series-rows.js';

/**
 * Whether a series that no reference window gave a value can have none: what it is about was there in enough windows to arm it. Examples are
 * the shape of a constant, AUC where all outcomes are alike, the classifier where windows are too small for it, be it all but a few. Where its subject was
 * not there, as labels that are still to come, it may yet be learnt.
 */
export function isInapplicable(
  series: SeriesIdentity,
  {
    windows,
    valued,
    arming,
  }: {
    readonly windows: readonly ReferenceWindow[];
    /** How many of them gave it a value. */
    readonly valued: number;
    readonly arming: number;
  },
): boolean {
  // What asks for more rows than any other is left out of windows that have fewer.
  const leavesOut = series.rule !== undefined && kindOf(series.rule).leavesWindowsOut === true;
  if (valued > 0 && (!leavesOut || valued >= arming)) return false;
  const least = leavesOut ? 1 : LEAST_ROWS;
  const there = windows.filter(({ profile }) => (seriesRows(series, profile) ?? 0) >= least);
  return there.length >= arming;
}

import type { SeriesModel } from './series.js';
import { AT, MODE } from './series-state.js';

/** One series of a window: what it was before it, and what it is after. */
export interface Advanced {
  readonly series: SeriesModel;
  readonly before: readonly number[] | undefined;
  readonly after: readonly number[] | undefined;
}

/** Starts are estimates: what began this many windows earlier may have begun together. */
const TOGETHER = 6;

/**
 * What opened beside a stronger component of the same subject lets go with it: half the change as a whole is shown to be gone, so that the weaker one
 * only has to show that it is not there as it was, with what it has shown so far. Without this the weakest keeps open what is long over, since it takes four
 * times as many windows to tell half a small shift from none as to tell all of it. Returns states that changed, by key; a state that is written
 * down as below 0 is tested so already ({@link recoveryShift}).
 */
export function letGoTogether(judged: readonly Advanced[], windowMinutes: number): Record<string, number[]> {
  const open = judged.filter(({ series, before }) => isOpen(before) && isSteady(series));
  const gone = open.filter(({ after }) => after !== undefined && !isOpen(after));
  if (gone.length === 0) return {};
  const changed: Record<string, number[]> = {};
  for (const { series, after } of judged) {
    if (after === undefined || !isOpen(after) || (after[AT.half] ?? 0) < 0 || !isSteady(series)) continue;
    if (gone.some((lead) => isStronger(lead, { series, after }, windowMinutes)))
      changed[series.key] = after.map((value, i) => (i === AT.half ? -2 * value : value));
  }
  return changed;
}

/** The shift that recovery has to disprove: half of it, or, once what it opened beside is over, all of it. */
export function recoveryShift(series: readonly number[]): number {
  return Math.abs(series[AT.half] ?? 0);
}

function isOpen(state: readonly number[] | undefined): boolean {
  return state !== undefined && state[AT.mode] !== MODE.ok;
}

/** Shifts are in standard deviations of a window, and the level is no slow one. */
function isSteady({ law }: SeriesModel): boolean {
  return law?.kind === 'seasonal' && law.level === null;
}

function isStronger(
  lead: Advanced,
  { series, after }: { readonly series: SeriesModel; readonly after: readonly number[] },
  windowMinutes: number,
): boolean {
  const { before = [] } = lead;
  const together = (after[AT.since] ?? 0) >= (before[AT.since] ?? 0) - TOGETHER * windowMinutes;
  return (
    together && subjectOf(lead.series) === subjectOf(series) && recoveryShift(before) > recoveryShift(after)
  );
}

function subjectOf({ check, feature, segment = '' }: SeriesModel): string {
  const about = check === 'concept_drift' ? 'performance' : check;
  return [about, feature ?? '', segment].join('|');
}

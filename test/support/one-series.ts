import { advanceSeries, type Inflow } from '../../src/checks/advance-series.js';
import { LawFitter } from '../../src/checks/fit-law.js';
import { scoreObservation } from '../../src/checks/score.js';
import type { Observation, SeriesLaw, SeriesModel } from '../../src/checks/series.js';
import { AT, freshSeries } from '../../src/checks/series-state.js';

/** How the windows of a series of two directions follow each other. */
export interface OneSeries {
  /** Windows a day: 24 or fewer, all of one length. */
  readonly aDay: number;
  readonly inflow: Inflow;
  /** Days on which what stands out is an incident: all where not said. */
  readonly incidentDays?: ReadonlySet<number>;
}

/** Slot of the week of a window, counted from a Monday midnight. */
function slotOf(i: number, { aDay }: OneSeries): number {
  return 24 * (Math.floor(i / aDay) % 7) + (24 / aDay) * (i % aDay);
}

/** The law of a series whose reference begins on a Monday. */
export function lawOf(
  reference: readonly Observation[],
  series: OneSeries,
  strict: true | 'auto' = 'auto',
): SeriesLaw {
  const shape = { hour: true, weekday: true, interaction: true };
  const terms = { strict, shapeless: strict === true, incidentDays: series.incidentDays ?? 'all' } as const;
  const windows = reference.map((observation, i) => ({
    observation,
    slot: slotOf(i, series),
    day: Math.floor(i / series.aDay),
    lag: i === 0 ? Infinity : 1,
  }));
  return new LawFitter(shape, terms).fit(windows).law;
}

/** What a series is after each of some windows ({@link MODE}); the first of them is the `from`-th since that Monday, and the level before it was `level`. */
export function modesOf(
  law: SeriesLaw,
  windows: readonly Observation[],
  { from = 0, level = 0, ...series }: OneSeries & { readonly from?: number; readonly level?: number },
): number[] {
  const model: SeriesModel = {
    key: 's',
    check: 'volume',
    feature: null,
    statistic: 'count',
    family: 'quality',
    weight: 1,
    signs: [1, -1],
    relevance: { unit: 'scale', size: 0 },
    status: 'armed',
    windows: law.windows,
    leastChange: 0,
    typical: 0,
    expectedFalseAlerts: null,
    law,
  };
  const state = freshSeries(2);
  state[AT.level] = level;
  return windows.map((observation, i) => {
    const context = { slot: slotOf(from + i, series), before: state[AT.level] ?? 0, lag: 1, leastChange: 0 };
    const score = scoreObservation(law, observation, context);
    const minute = (1440 / series.aDay) * (from + i);
    advanceSeries(state, { model, observation, score, inflow: series.inflow, relevant: true, pages: true, minute });
    return state[AT.mode] ?? 0;
  });
} // prettier-ignore

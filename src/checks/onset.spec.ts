import { expect, it } from 'vitest';
import { normals } from '../../test/support/random.js';
import { lcg } from '../stats/lcg.js';
import { normalSurvival } from '../stats/normal.js';
import { advanceSeries } from './advance-series.js';
import type { SeriesModel } from './series.js';
import { AT, freshSeries, MODE } from './series-state.js';

const HOUR = 60;
const BEGINS = 400;
const MOST = 720;
/** A page in 30 days for a hundred series of two directions. */
const INFLOW = { page: 1 / (30 * 24 * 100 * 2), notice: 0, recovery: 1 / 720 };
const MODEL: SeriesModel = {
  key: 's', check: 'feature_drift', feature: 'x', statistic: 'location', family: 'feature', weight: 1, signs: [1, -1],
  relevance: { unit: 'scale', size: 0 }, status: 'armed', windows: 672, leastChange: 0, typical: 0, law: null, expectedFalseAlerts: 0,
}; // prettier-ignore

/** Windows from the begin of a change of so many standard deviations to where it is said to have begun; null where calm paged or nothing did. */
function onsetError(shift: number, seed: number): number | null {
  const normal = normals(lcg(seed));
  const series = freshSeries(2);
  for (let i = 0; i < BEGINS + MOST; i += 1) {
    const u = normal() + (i < BEGINS ? 0 : shift);
    const [up, down] = [normalSurvival(u), normalSurvival(-u)];
    const score = { up, down, u, level: 0, levelUp: 1, levelDown: 1, margin: 0, z: u, gain: 1, expected: 0 };
    const observation = { y: u, v: 1, n: 500, value: u, hits: null, trials: 0 };
    advanceSeries(series, {
      model: MODEL,
      observation,
      score,
      inflow: INFLOW,
      relevant: true,
      pages: true,
      minute: HOUR * i,
    });
    if (series[AT.mode] !== MODE.alert) continue;
    return i < BEGINS ? null : (series[AT.since] ?? 0) / HOUR - BEGINS;
  }
  return null;
}

function errors(shift: number): number[] {
  return Array.from({ length: 400 }, (_, seed) => onsetError(shift, 101 * seed + 7))
    .flatMap((error) => error ?? [])
    .toSorted((a, b) => a - b);
}

it.each([
  // Standard deviations a window, windows that the median may be off, that one in twenty and one in a hundred may be early.
  { shift: 4, median: 0, early: 4, earliest: 9 },
  { shift: 2, median: 0, early: 8, earliest: 20 },
  { shift: 1, median: 1, early: 16, earliest: 80 },
  { shift: 0.5, median: 5, early: 50, earliest: 110 },
])(
  'a change of $shift standard deviations is said to have begun when it did',
  ({ shift, median, early, earliest }) => {
    const found = errors(shift);
    expect(found.length).toBeGreaterThan(380);
    const at = (share: number) => found[Math.floor(share * found.length)] ?? NaN;
    expect(Math.abs(at(0.5))).toBeLessThanOrEqual(median);
    expect(at(0.05)).toBeGreaterThanOrEqual(-early);
    expect(at(0.01)).toBeGreaterThanOrEqual(-earliest);
  },
);

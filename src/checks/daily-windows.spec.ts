import { describe, expect, it } from 'vitest';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import {
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { normals } from '../../test/support/random.js';
import { lcg } from '../stats/lcg.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const DAY = 86_400_000;
const model = syntheticModel({ window: '1d' });
const FEATURES = ['a', 'b', 'c', 'd'];
const LEARNT = 14;
const ROWS = 200;

interface Change {
  readonly mean?: number;
  readonly nulls?: number;
}

/** One day: levels wander a little and are another at the weekend. */
function profile(normal: () => number, day: number, { mean = 0, nulls = 0 }: Change = {}): WindowProfile {
  const weekend = day % 7 >= 5 ? 0.2 : 0;
  const features = FEATURES.map((name) => {
    const level = weekend + 0.05 * normal() + (name === 'a' ? mean : 0);
    const missing = name === 'a' ? Math.round(nulls * ROWS) : 0;
    const values = Array.from({ length: ROWS - missing }, () => normal() + level);
    return [name, numericProfile(values, NORMAL_EDGES, missing)] as const;
  });
  return {
    predictions: ROWS,
    features: Object.fromEntries(features),
    unknownFeatures: [],
    measures: {},
    performance: NO_LABELS,
  };
}

/** Days until the first alert after two weeks of reference; null where there is none. */
function firstAlert(seed: number, days: number, change: Change = {}): number | null {
  const normal = normals(lcg(seed));
  const baseline = syntheticBaseline(
    Object.fromEntries(FEATURES.map((name) => [name, NORMAL_BASELINE])),
    Array.from({ length: LEARNT }, (_, day) => profile(normal, day)),
    { windowMs: DAY },
  );
  const fitted = fitBaseline(model, baseline);
  let state: SeriesState | null = null;
  for (let day = 0; day < days; day += 1) {
    const { from, ...window } = syntheticWindow(24 * (LEARNT + day));
    const output = runChecks({
      model,
      baseline,
      fitted,
      window: { ...window, from, to: new Date(from.getTime() + DAY) },
      profile: profile(normal, LEARNT + day, change),
      state,
      budget: { pageDays: 30, noticeDays: 3, share: 1 },
    });
    ({ state } = output);
    if (output.results.some((one) => one.state === 'ALERT')) return day + 1;
  }
  return null;
}

const seeds = (count: number) => Array.from({ length: count }, (_, i) => 7919 * (i + 1));

describe('a model of daily windows that has learnt for two weeks', () => {
  it('finds three standard deviations, and a third of nulls, on the first day', () => {
    expect(seeds(5).map((seed) => firstAlert(seed, 7, { mean: 3 }))).toEqual([1, 1, 1, 1, 1]);
    expect(seeds(5).map((seed) => firstAlert(seed, 7, { nulls: 1 / 3 }))).toEqual([1, 1, 1, 1, 1]);
  });

  it('finds one standard deviation within days', () => {
    const found = seeds(5).map((seed) => firstAlert(seed, 14, { mean: 1 }) ?? Infinity);
    expect(Math.max(...found)).toBeLessThanOrEqual(4);
  });

  it('keeps the budget: a page in thirty days, in two years of thirty models', () => {
    const alerts = seeds(30).filter((seed) => firstAlert(seed, 30) !== null);
    expect(alerts.length).toBeLessThanOrEqual(3);
  });
});

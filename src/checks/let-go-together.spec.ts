import { expect, it } from 'vitest';
import type { CheckResult } from '../domain/check-result.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import {
  categoricalProfile,
  START,
  syntheticBaseline,
  syntheticModel,
} from '../../test/support/synthetic-model.js';
import { fitBaseline } from './fit-baseline.js';
import { letGoTogether } from './let-go-together.js';
import { runChecks } from './run-checks.js';
import type { SeriesModel } from './series.js';
import { AT, freshSeries, MODE, type SeriesState } from './series-state.js';

const MINUTE = 60_000;
const budget = { pageDays: 30, noticeDays: 3, share: 1 };
const [REFERENCE, CALM, THERE, AFTER] = [960, 10, 30, 60];

/** Forty rows of a minute, of which so many in a hundred are from the north, and the rest from south and east alike. */
function minute(random: () => number, north = 0.33): WindowProfile {
  const counts = [0, 0, 0];
  for (let i = 0; i < 40; i += 1) {
    const at = random() < north ? 0 : random() < 0.5 ? 1 : 2;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const features = { region: categoricalProfile(counts) };
  return { predictions: 40, features, unknownFeatures: [], measures: {}, performance: NO_LABELS };
}

it('ends a change of a mix of minutes soon after it is over, though some shares moved by little', () => {
  const model = syntheticModel({ window: '1m' });
  const categories = ['north', 'south', 'east'];
  const random = lcg(11);
  const reference = Array.from({ length: REFERENCE }, () => minute(random));
  const region = { kind: 'categorical', categories, tail: [], unseenMass: 0 } as const;
  const baseline = syntheticBaseline({ region }, reference, { windowMs: MINUTE });
  const fitted = fitBaseline(model, baseline);
  const windowsOpen = Array.from({ length: 5 }, () => {
    let state: SeriesState | null = null;
    let open = 0;
    let found: readonly CheckResult[] = [];
    for (let i = 0; i < CALM + THERE + AFTER; i += 1) {
      const from = new Date(START.getTime() + (REFERENCE + i) * MINUTE);
      const window = {
        model: model.key,
        version: '1',
        from,
        to: new Date(from.getTime() + MINUTE),
        revision: 0,
      };
      const profile = minute(random, i >= CALM && i < CALM + THERE ? 0.6 : 0.33);
      const output = runChecks({ model, baseline, fitted, window, profile, state, budget });
      ({ state } = output);
      const now = output.results.filter((one) => one.state === 'ALERT' || one.state === 'NOTICE');
      if (i === CALM + THERE - 1) found = now;
      if (i >= CALM + THERE && now.length > 0) open = i - CALM - THERE + 1;
    }
    expect(found.length).toBeGreaterThan(3);
    return open;
  });
  expect(Math.max(...windowsOpen)).toBeLessThanOrEqual(30);
});

const series = (statistic: string, more: Partial<SeriesModel> = {}) =>
  ({ key: statistic, check: 'feature_drift', feature: 'x', statistic, law: { kind: 'seasonal', level: null }, ...more }) as SeriesModel; // prettier-ignore
const open = (half: number, since = 100) => {
  const state = freshSeries(1);
  [state[AT.mode], state[AT.half], state[AT.since]] = [MODE.alert, half, since];
  return state;
};
const closing = (half: number, since = 100) => ({ series: series('location'), before: open(half, since), after: freshSeries(1) }); // prettier-ignore
const beside = (half: number, since = 100, more: Partial<SeriesModel> = {}) => ({
  series: series('scale', more),
  before: open(half, since),
  after: open(half, since),
});
const shiftOf = (lead: ReturnType<typeof closing>, one: ReturnType<typeof beside>) =>
  letGoTogether([lead, one], 1)['scale']?.[AT.half];

it('asks of what opened beside something stronger that it is there as a whole, once', () => {
  expect(shiftOf(closing(2), beside(0.5))).toBe(-1);
  expect(shiftOf(closing(2), beside(-1))).toBeUndefined();
});

it('leaves alone what is stronger, began before, is of another subject or is counted otherwise', () => {
  expect(shiftOf(closing(0.4), beside(0.5))).toBeUndefined();
  expect(shiftOf(closing(2, 100), beside(0.5, 90))).toBeUndefined();
  expect(shiftOf(closing(2, 100), beside(0.5, 95))).toBe(-1);
  expect(shiftOf(closing(2), beside(0.5, 100, { feature: 'y' }))).toBeUndefined();
  expect(shiftOf(closing(2), beside(0.5, 100, { segment: 'a=b' }))).toBeUndefined();
  expect(shiftOf(closing(2), beside(0.5, 100, { law: { kind: 'rare' } as never }))).toBeUndefined();
});

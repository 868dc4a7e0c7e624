import { expect, it } from 'vitest';
import { normals } from '../../test/support/random.js';
import {
  HOUR,
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  START,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { NO_LABELS, type PerformanceProfile, type WindowProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const REFERENCE = 24 * 28;
const BUDGET = { pageDays: 30, noticeDays: 3, share: 1 };
const gaussian = normals(lcg(11));
const model = syntheticModel();

function labels(rows: number, wrong: number): PerformanceProfile {
  return {
    ...NO_LABELS,
    labelled: rows,
    correct: rows - wrong,
    truePositives: rows - wrong,
    falsePositives: wrong,
  };
}

function profile(rows: number, mean = 0, wrong = 0.1): WindowProfile {
  const values = Array.from({ length: rows }, () => gaussian() + mean);
  const performance = labels(rows, Math.round(rows * wrong));
  return {
    predictions: rows,
    features: { x: numericProfile(values, NORMAL_EDGES, 0) },
    unknownFeatures: [],
    measures: {},
    performance,
  };
}

const baseline = syntheticBaseline({ x: NORMAL_BASELINE }, Array.from({ length: REFERENCE }, () => profile(200))); // prettier-ignore
const fitted = fitBaseline(model, baseline);
const at = (hour: number) => new Date(START.getTime() + (REFERENCE + hour) * HOUR);

function results(windows: readonly WindowProfile[], before: SeriesState | null = null) {
  let state = before;
  return windows.map((window, i) => {
    const output = runChecks({ model, baseline, fitted, window: syntheticWindow(REFERENCE + i), profile: window, state, budget: BUDGET });
    ({ state } = output);
    return output.results;
  });
} // prettier-ignore

const levelIn = (all: ReturnType<typeof results>[number] | undefined) =>
  all?.find(({ feature, statistic }) => feature === 'x' && statistic === 'location');

it('what windows of few rows show together says from which window on it rests, with the onset in the first of them', () => {
  const calm = Array.from({ length: 12 }, () => profile(10));
  const off = Array.from({ length: 12 }, () => profile(10, 6));
  const all = results([...calm, ...off]);
  const found = all.findIndex((one) => levelIn(one)?.state === 'ALERT');
  // Three windows of ten rows are one judging.
  expect(found).toBe(14);
  expect(levelIn(all[found])).toMatchObject({ n: 30, restsFrom: at(12), since: at(12) });
  expect(levelIn(all[2])).toMatchObject({ state: 'OK', n: 30, restsFrom: at(0) });
  expect(levelIn(all[1])).toMatchObject({ state: 'INSUFFICIENT', n: 10 });
  expect(levelIn(all[1])).not.toHaveProperty('restsFrom');
});

it('a window without any rows, and enough rows at once, rest on what they should', () => {
  const all = results([profile(10), profile(0), profile(0), profile(25), profile(200)]);
  expect(levelIn(all[3])).toMatchObject({ n: 35, restsFrom: at(0) });
  expect(levelIn(all[4])).toMatchObject({ n: 200 });
  expect(levelIn(all[4])).not.toHaveProperty('restsFrom');
});

it('labels that are put together say it, too, and so does what is said of the range of values', () => {
  const all = results([profile(20, 0, 0.1), profile(20, 80, 0.1), profile(200)]);
  const errors = all[1]?.find(
    ({ statistic, segment }) => statistic === 'error_rate' && segment === undefined,
  );
  expect(errors).toMatchObject({ n: 40, restsFrom: at(0) });
  const range = all[1]?.find(({ check }) => check === 'out_of_range');
  expect(range).toMatchObject({ n: 40, restsFrom: at(0) });
});

it('rows that wait since before it was kept since when are told as they were', () => {
  const first = runChecks({ model, baseline, fitted, window: syntheticWindow(REFERENCE), profile: profile(20), state: null, budget: BUDGET });
  const { since, ...pending } = first.state.pending;
  expect(since).toMatchObject({ 'drift:x': at(0).getTime() / 60_000 });
  const [next] = results([profile(20)], { ...first.state, pending });
  expect(levelIn(next)).toMatchObject({ n: 40 });
  expect(levelIn(next)).not.toHaveProperty('restsFrom');
}); // prettier-ignore

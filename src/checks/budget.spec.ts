import { expect, it } from 'vitest';
import { NO_LABELS } from '../domain/profile.js';
import {
  HOUR,
  NORMAL_BASELINE,
  syntheticBaseline,
  syntheticModel,
} from '../../test/support/synthetic-model.js';
import { allotBudget } from './budget.js';
import type { SeriesModel } from './series.js';
import { seriesCatalogue } from './series-catalogue.js';
import { AT, freshSeries, MODE } from './series-state.js';

const empty = { predictions: 0, features: {}, unknownFeatures: [], performance: NO_LABELS, measures: {} };
const baseline = syntheticBaseline({ a: NORMAL_BASELINE, b: NORMAL_BASELINE }, [empty]);
const series = seriesCatalogue(syntheticModel(), baseline).map((one): SeriesModel => ({
  ...one,
  status: 'armed',
  windows: 100,
  law: null,
  leastChange: 0,
  typical: 0,
  expectedFalseAlerts: null,
}));
const budget = { pageDays: 30, noticeDays: 3, share: 0.5 };

function perDay(
  models: readonly SeriesModel[],
  states: readonly (readonly number[] | undefined)[],
  bank: 'page' | 'notice',
) {
  const inflows = allotBudget(models, states, { budget, windowMs: HOUR });
  return models.reduce((sum, model, i) => sum + 24 * model.signs.length * (inflows[i]?.[bank] ?? 0), 0);
}

it('spends share/N a day in each bank, whatever is active', () => {
  expect(perDay(series, [], 'page')).toBeCloseTo(0.5 / 30, 12);
  expect(perDay(series, [], 'notice')).toBeCloseTo(0.5 / 3, 12);
  const few = series.map((one, i): SeriesModel => (i % 3 === 0 ? one : { ...one, status: 'learning' }));
  expect(perDay(few, [], 'page')).toBeCloseTo(0.5 / 30, 12);
});

it('gives an open series nothing and the rest its part', () => {
  const open = freshSeries(2);
  open[AT.mode] = MODE.alert;
  const inflows = allotBudget(series, [open], { budget, windowMs: HOUR });
  expect(inflows[0]).toMatchObject({ page: 0, notice: 0 });
  expect(perDay(series, [open], 'page')).toBeCloseTo(0.5 / 30, 12);
});

it('never pages for a series it could not calibrate', () => {
  const some = series.map((one, i): SeriesModel => (i === 0 ? { ...one, status: 'uncalibratable' } : one));
  const [first] = allotBudget(some, [], { budget, windowMs: HOUR });
  expect(first?.page).toBe(0);
  expect(first?.notice).toBeGreaterThan(0);
});

import { expect, it } from 'vitest';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS } from '../domain/profile.js';
import type { Counted } from '../domain/segment-rule.js';
import {
  HOUR,
  NORMAL_BASELINE,
  syntheticBaseline,
  syntheticModel,
} from '../../test/support/synthetic-model.js';
import { allotBudget } from './budget.js';
import { ruleSeries } from './rule-series.js';
import type { SeriesIdentity, SeriesModel } from './series.js';
import { seriesCatalogue } from './series-catalogue.js';
import { AT, freshSeries, MODE } from './series-state.js';

const empty = { predictions: 0, features: {}, unknownFeatures: [], performance: NO_LABELS, measures: {} };
const baseline = syntheticBaseline({ a: NORMAL_BASELINE, b: NORMAL_BASELINE }, [empty]);
const armed = (one: SeriesIdentity): SeriesModel => ({
  ...one,
  status: 'armed',
  windows: 100,
  law: null,
  leastChange: 0,
  typical: 0,
  expectedFalseAlerts: null,
});
const series = seriesCatalogue(syntheticModel(), baseline).map(armed);
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

it('gives what is asked of a segment the part of one segment, whatever else is asked of it', () => {
  const counted: readonly Counted[] = [{ of: 'rows' }, { of: 'incomplete', least: 1 }, { of: 'slow', aboveMs: 250 }, { of: 'failed' }];
  const segments = ['a', 'b', 'c', 'd', 'e'].flatMap((value) =>
    counted.map((one): Constraint => ({ rule: 'segment', name: `${value}:${one.of}`, check: 'segment_drift', statistic: one.of, feature: null, segment: `channel=${value}`, attribute: 'channel', value, counted: one })),
  );
  const calls: Constraint = { rule: 'calls', name: 'calls:slow', check: 'service', feature: null, statistic: 'slow_calls', part: 'slow', aboveMs: 250 };
  const all = [...series, ...[calls, ...segments].flatMap((rule) => ruleSeries(rule) ?? []).map(armed)];
  const inflows = allotBudget(all, [], { budget, windowMs: HOUR });
  const daily = (statistic: string) =>
    all.flatMap((one, i) => (one.statistic === statistic && one.rule ? [one.signs.length * (inflows[i]?.page ?? 0)] : []));
  const [whole = 0] = daily('slow_calls');
  for (const { of } of counted) for (const own of daily(of)) expect(whole / own).toBeCloseTo(5, 9);
  expect(perDay(all, [], 'page')).toBeCloseTo(0.5 / 30, 12);
}); // prettier-ignore

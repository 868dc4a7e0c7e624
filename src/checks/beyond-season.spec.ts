import { expect, it } from 'vitest';
import type { WindowProfile } from '../domain/profile.js';
import { NO_LABELS } from '../domain/profile.js';
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
import { beyondAnySeason } from './beyond-season.js';
import { FLEET_BUDGET } from './budget.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesModel } from './series.js';
import type { SeriesState } from './series-state.js';

const ROWS = 400;
const LEARNT_HOURS = 96;
const normal = normals(lcg(4));

/** An hour whose labelled rows lose so much each, and whose feature is where it is told. */
function hour(loss: number, level = 0): WindowProfile {
  const mean = loss * (1 + 0.05 * normal());
  const values = Array.from({ length: ROWS }, () => normal() + level);
  return {
    predictions: ROWS,
    features: { x: numericProfile(values, NORMAL_EDGES) },
    unknownFeatures: [],
    measures: {},
    performance: {
      ...NO_LABELS,
      labelled: ROWS,
      correct: ROWS / 2,
      lossRows: ROWS,
      lossSum: ROWS * mean,
      lossSquares: ROWS * (mean ** 2 + 0.09),
    },
  };
}

const model = syntheticModel();
const baseline = syntheticBaseline(
  { x: NORMAL_BASELINE },
  Array.from({ length: LEARNT_HOURS }, () => hour(0.5)),
);

/** Worst state by series in the hours that follow a reference of four days. */
function judged(profiles: readonly WindowProfile[]): Record<string, string> {
  const fitted = fitBaseline(model, baseline);
  let state: SeriesState | null = null;
  const worst: Record<string, string> = {};
  for (const [i, profile] of profiles.entries()) {
    const { from, ...window } = syntheticWindow(LEARNT_HOURS + i);
    const output = runChecks({
      model,
      baseline,
      fitted,
      window: { ...window, from },
      profile,
      state,
      budget: FLEET_BUDGET,
    });
    state = output.state;
    for (const { check, feature, statistic, state: found } of output.results)
      if (found === 'ALERT' || found === 'NOTICE') worst[`${check} ${feature ?? ''} ${statistic}`] = found;
  }
  return worst;
}

it('lets a model page that is far worse than any day of the week explains, though its reference is short', () => {
  const found = judged([hour(3.5), hour(3.5), hour(3.5, 1)]);
  expect(found['performance  log_loss']).toBe('ALERT');
  expect(found['feature_drift x location']).toBe('NOTICE');
});

it('leaves what a season may explain to notices', () => {
  const found = judged(Array.from({ length: 12 }, () => hour(0.8)));
  expect(found['performance  log_loss']).toBe('NOTICE');
});

it('knows how far a fall of each metric goes beyond a season', () => {
  const series = (statistic: string, typical: number, family: SeriesModel['family'] = 'performance') =>
    beyondAnySeason({ family, statistic, typical } as SeriesModel);
  expect(series('log_loss', 0.5)).toBe(0.5);
  expect(series('error_rate', 0.2)).toBe(20);
  expect(series('error_rate', 0.001)).toBe(5);
  expect(series('auc', 0.84)).toBeCloseTo(0.17, 9);
  expect(series('root_mean_squared_error', 12)).toBe(12);
  expect(series('location', 0.3, 'feature')).toBeNull();
});

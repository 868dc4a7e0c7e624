import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { NO_LABELS } from '../domain/profile.js';
import { observePerformance } from './observe-performance.js';
import { seriesKey, type Observation } from './series.js';

const binary = Model.parse({ key: 'm', task: 'binary', positive: 'bad' });
const regression = Model.parse({ key: 'm', task: 'regression' });
const LOSS = seriesKey('performance', null, 'log_loss');
const RMSE = seriesKey('performance', null, 'root_mean_squared_error');
const MAE = seriesKey('concept_drift', null, 'mean_absolute_error');

function observed(model: Model, profile: Partial<typeof NO_LABELS>): Map<string, Observation> {
  const into = new Map<string, Observation>();
  observePerformance(into, model, { ...NO_LABELS, labelled: 100, ...profile });
  return into;
}

it('divides a loss by the rows that have one', () => {
  const found = observed(binary, { lossRows: 40, lossSum: 20, lossSquares: 12 });
  expect(found.get(LOSS)).toMatchObject({ value: 0.5, n: 40 });
});

it('has no loss where no row has a score, which is not a loss of nothing', () => {
  expect(observed(binary, {}).has(LOSS)).toBe(false);
});

it('judges the absolute error where the fourth powers are no double', () => {
  const errors = {
    lossRows: 100,
    lossSum: 1e100,
    lossSquares: 1e200,
    errorRows: 100,
    squaredErrorSum: 1e200,
  };
  const found = observed(regression, { ...errors, squaredErrorSquares: null });
  expect(found.get(MAE)?.value).toBe(1e98);
  expect(found.has(RMSE)).toBe(false);
});

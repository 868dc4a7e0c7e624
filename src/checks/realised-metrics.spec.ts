import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { CELL_SEPARATOR, type Outcome } from '../domain/outcome.js';
import { metricNames, realisedMetrics } from './realised-metrics.js';

const BINARY = Model.parse({ key: 'm', task: 'binary', positive: 'bad' });
const CLASSES = Model.parse({ key: 'm', task: 'multiclass' });
const REGRESSION = Model.parse({ key: 'm', task: 'regression' });
const EMPTY: Outcome = {
  answered: 0, labelled: 0, sums: {}, cells: {}, classRows: {}, classHits: {}, positives: {}, negatives: {}, scores: {}, answers: {}, answerScores: {}, delays: {},
}; // prettier-ignore

function metricsOf(model: Model, outcome: Partial<Outcome>) {
  return Object.fromEntries(
    realisedMetrics(model, { ...EMPTY, ...outcome }).map((one) => [one.metric, one] as const),
  );
}

it('a binary model: shares with Jeffreys’ interval, F1 through Jaccard’s index, ranking and calibration from bins', () => {
  const found = metricsOf(BINARY, {
    answered: 120,
    labelled: 100,
    sums: {
      truePositives: 30, falsePositives: 10, falseNegatives: 20, trueNegatives: 40,
      losses: 100, loss: 50, lossSquares: 40, scored: 100, brier: 18, brierSquares: 6,
    },
    positives: { 100: 20, 140: 30 },
    negatives: { 100: 40, 140: 10 },
    scores: { 100: 20, 140: 28 },
  }); // prettier-ignore
  expect(found['accuracy']).toMatchObject({ value: 0.7, n: 100, state: 'OK' });
  // scipy.stats.beta(70.5, 30.5).ppf([.025, .975])
  expect(found['accuracy']?.low).toBeCloseTo(0.605_41, 4);
  expect(found['accuracy']?.high).toBeCloseTo(0.783_12, 4);
  expect(found['balanced_accuracy']?.value).toBeCloseTo(0.7, 12);
  expect(found['precision']).toMatchObject({ value: 0.75, n: 40 });
  expect(found['recall']).toMatchObject({ value: 0.6, n: 50 });
  expect(found['f1']?.value).toBeCloseTo(2 / 3, 12);
  expect(found['f1']?.low).toBeLessThan(2 / 3);
  // 30·40 pairs above, 20·40 + 30·10 ties
  expect(found['auc']?.value).toBeCloseTo((30 * 40 + 0.5 * (20 * 40 + 30 * 10)) / 2500, 12);
  // each positive among its bin's negatives in no order: a little above 0.6 · 0.75 + 0.4 · 0.5, where a bin were a tie
  expect(found['average_precision']?.value).toBeCloseTo(0.689_24, 5);
  expect(found['log_loss']?.value).toBe(0.5);
  expect(found['brier']?.value).toBe(0.18);
  expect(found['calibration_slope']?.value).toBeGreaterThan(0);
  // 60 rows of ⅓ are as said; of 40 rows of 0.7 three in four are positive: under-confident, by chance
  expect(found['calibration_z']?.value).toBeCloseTo(-0.8 / Math.sqrt((60 * 2) / 81 + 40 * 0.16 * 0.21), 12);
  expect(found['calibration_z']?.low).toBeLessThan(-0.8);
});

it('what has no denominator is not applicable, and says why', () => {
  const found = metricsOf(BINARY, {
    answered: 10,
    labelled: 10,
    sums: { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 10 },
  });
  expect(found['precision']).toMatchObject({ value: null, state: 'NOT_APPLICABLE', reason: 'no positive was predicted' }); // prettier-ignore
  expect(found['recall']?.reason).toBe('no label is positive');
  expect(found['auc']?.state).toBe('NOT_APPLICABLE');
  expect(found['specificity']).toMatchObject({ value: 1, high: 1 });
});

it('without a label every metric waits', () => {
  const found = realisedMetrics(BINARY, { ...EMPTY, answered: 7 });
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['INSUFFICIENT']));
  expect(found[0]?.reason).toBe('none of 7 answers has a label yet');
});

it('several classes: plain and weighted means over those that were there or were answered', () => {
  const cell = (actual: string, answered: string) => actual + CELL_SEPARATOR + answered;
  const found = metricsOf(CLASSES, {
    answered: 10,
    labelled: 10,
    sums: { correct: 7, losses: 10, loss: 5, lossSquares: 4 },
    cells: { [cell('cat', 'cat')]: 5, [cell('cat', 'dog')]: 1, [cell('dog', 'dog')]: 2, [cell('Cat', 'cat')]: 2 },
  }); // prettier-ignore
  expect(found['accuracy']?.value).toBe(0.7);
  expect(found['macro_recall']?.value).toBeCloseTo((5 / 6 + 1 + 0) / 3, 12);
  expect(found['weighted_recall']?.value).toBeCloseTo(0.7, 12);
  expect(found['macro_precision']?.value).toBeCloseTo((5 / 7 + 2 / 3 + 0) / 3, 12);
});

it('a regression: percentages leave zeros out and say so; R² against the spread of the truth', () => {
  // truths 0, 10, 20, 30; answers 1, 12, 20, 27
  const found = metricsOf(REGRESSION, {
    answered: 4,
    labelled: 4,
    sums: {
      errors: 4, error: 0, errorSquares: 14, absolute: 6, fourth: 98,
      percents: 3, percent: 0.3, percentSquares: 0.05, zeros: 1, truth: 60, truthSquares: 1400,
    },
  }); // prettier-ignore
  expect(found['mean_absolute_error']?.value).toBe(1.5);
  expect(found['root_mean_squared_error']?.value).toBeCloseTo(Math.sqrt(3.5), 12);
  expect(found['mean_absolute_percentage_error']).toMatchObject({ n: 3, reason: '1 row has the truth 0, which no percentage has: they are left out' }); // prettier-ignore
  expect(found['mean_absolute_percentage_error']?.value).toBeCloseTo(0.1, 12);
  expect(found['bias']?.value).toBe(0);
  expect(found['r_squared']?.value).toBeCloseTo(1 - 14 / 500, 12);
});

it('names what a task has', () => {
  expect(metricNames(REGRESSION)).toEqual([
    'mean_absolute_error', 'root_mean_squared_error', 'mean_absolute_percentage_error', 'bias', 'r_squared', 'pinball_loss', 'label_delay_hours',
  ]); // prettier-ignore
});

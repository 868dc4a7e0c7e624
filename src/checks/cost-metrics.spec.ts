import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { CELL_SEPARATOR, type Outcome } from '../domain/outcome.js';
import { NO_LABELS } from '../domain/profile.js';
import { costMetrics, estimatedCost, realisedCost, countedCost } from './cost-metrics.js';

const EMPTY: Outcome = {
  answered: 0, labelled: 0, sums: {}, cells: {}, classRows: {}, classHits: {}, positives: {}, negatives: {}, scores: {}, answers: {}, answerScores: {}, delays: {},
}; // prettier-ignore
const BINARY = Model.parse({
  key: 'm', task: 'binary', positive: 'bad', costs: { currency: 'EUR', falsePositive: 5, falseNegative: 250 },
}); // prettier-ignore

it('a binary model costs by cell, and all answers at the rate of those with labels', () => {
  const sums = { truePositives: 30, falsePositives: 10, falseNegatives: 2, trueNegatives: 58 };
  const cost = realisedCost(BINARY, { ...EMPTY, sums });
  expect(cost).toMatchObject({ mean: 5.5, n: 100 });
  const [each, all] = costMetrics(cost, 1000);
  expect(each).toMatchObject({ metric: 'cost_per_answer', value: 5.5, n: 100 });
  expect(all).toMatchObject({ metric: 'cost', value: 5500 });
  expect(all!.low!).toBeLessThan(5500);
  // the reference: the same cells
  const performance = { ...NO_LABELS, labelled: 100, ...sums };
  expect(countedCost(BINARY, { performance, measures: {} })?.mean).toBe(5.5);
});

it('costs that are expected weigh the cells that are expected', () => {
  const measured = { kind: 'estimate', n: 100, sum: 12, sumSquares: 4, positives: 40, positiveSum: 10, positiveSquares: 3 } as const; // prettier-ignore
  expect(estimatedCost(BINARY, measured, Infinity)?.mean).toBeCloseTo((5 * 10 + 250 * 2) / 100, 12);
});

it('several classes cost by pair, the rest as any mistake; a regression by its error', () => {
  const classes = Model.parse({ key: 'm', task: 'multiclass', costs: { currency: 'EUR', mistake: 1, matrix: { cat: { dog: 7 } } } }); // prettier-ignore
  const cell = (actual: string, answered: string) => actual + CELL_SEPARATOR + answered;
  const cells = { [cell('cat', 'cat')]: 6, [cell('cat', 'dog')]: 2, [cell('dog', 'cat')]: 2 };
  expect(realisedCost(classes, { ...EMPTY, cells })?.mean).toBeCloseTo(1.6, 12);
  const regression = Model.parse({ key: 'm', task: 'regression', costs: { currency: 'EUR', absoluteError: 3 } }); // prettier-ignore
  const sums = { errors: 4, absolute: 6, errorSquares: 14 };
  expect(realisedCost(regression, { ...EMPTY, sums })?.mean).toBe(4.5);
});

it('a model file with costs that cannot be is refused', () => {
  const refused = (file: object) => Model.safeParse({ key: 'm', ...file }).error?.issues[0]?.message;
  expect(refused({ task: 'regression', costs: { currency: 'EUR' } })).toMatch(/unit of absolute error/);
  expect(refused({ task: 'multiclass', classes: ['a', 'b'], costs: { currency: 'EUR', matrix: { a: { c: 1 } } } })).toBe('"c" is none of `classes` (a, b)'); // prettier-ignore
  expect(refused({ task: 'multiclass', classes: ['cat', 'dog'], costs: { currency: 'EUR', matrix: { Cat: { dog: 1 } } } })).toMatch(/did you mean "cat"/); // prettier-ignore
  expect(refused({ task: 'multiclass', costs: { currency: 'euro' } })).toMatch(/three capital letters/);
});

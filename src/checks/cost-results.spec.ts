import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { NO_LABELS } from '../domain/profile.js';
import { costResults } from './cost-results.js';

const costs = { currency: 'EUR', falsePositive: 5, falseNegative: 250 };
const BINARY = Model.parse({ key: 'm', task: 'binary', positive: 'bad', costs });
const cells = (fp: number, fn: number) => ({
  ...NO_LABELS, labelled: 100, truePositives: 20, falsePositives: fp, falseNegatives: fn, trueNegatives: 80 - fp - fn,
}); // prettier-ignore

it('a window costs what its answers cost at the rate of those with labels, and so much more than at the reference’s', () => {
  const results = costResults({ model: BINARY, answers: 1000, now: cells(10, 4), usual: cells(10, 2) });
  expect(results).toMatchObject([
    { check: 'performance', statistic: 'cost_per_answer', value: 10.5, effect: 5, n: 100, state: 'OK' },
    {
      statistic: 'cost',
      value: 10_500,
      effect: 5000,
      explanation:
        "the answers of this window cost 10\u202f500 EUR, 5\u202f000 EUR more than at the reference's rate",
    },
  ]);
});

it('without a reference it learns; with few labels it does not say; without costs it is not there', () => {
  expect(costResults({ model: BINARY, answers: 1000, now: cells(10, 4), usual: null })).toMatchObject([
    { value: 10.5, effect: null, state: 'LEARNING' },
    { value: 10_500, state: 'LEARNING' },
  ]);
  const few = { ...cells(1, 1), labelled: 29 };
  expect(costResults({ model: BINARY, answers: 40, now: few, usual: null })).toMatchObject([
    { value: null, state: 'INSUFFICIENT' },
    { value: null, state: 'INSUFFICIENT' },
  ]);
  const free = Model.parse({ key: 'm', task: 'regression' });
  expect(costResults({ model: free, answers: 40, now: cells(1, 1), usual: null })).toEqual([]);
});

it('classes whose mistakes all cost the same are counted, a matrix is not', () => {
  const same = Model.parse({ key: 'm', task: 'multiclass', costs: { currency: 'EUR', mistake: 3 } });
  const now = { ...NO_LABELS, labelled: 100, correct: 80 };
  expect(costResults({ model: same, answers: 100, now, usual: now })).toMatchObject([
    { value: 0.6, effect: 0 },
    { value: 60 },
  ]);
  const pairs = Model.parse({
    key: 'm',
    task: 'multiclass',
    costs: { currency: 'EUR', matrix: { a: { b: 1 } } },
  });
  expect(costResults({ model: pairs, answers: 100, now, usual: now })).toMatchObject([
    { state: 'NOT_APPLICABLE' },
    { state: 'NOT_APPLICABLE' },
  ]);
});

import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { costRules } from '../domain/cost-rule.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { numericProfile, syntheticBaseline } from '../../test/support/synthetic-model.js';
import { costResults } from './cost-results.js';
import { answersIn } from './display-results.js';

const costs = { currency: 'EUR', falsePositive: 5, falseNegative: 250 };
const BINARY = Model.parse({ key: 'm', task: 'binary', positive: 'bad', costs });
const cells = (fp: number, fn: number, labelled = 100) => ({
  ...EMPTY_PROFILE,
  performance: { ...NO_LABELS, labelled, truePositives: 20, falsePositives: fp, falseNegatives: fn, trueNegatives: 80 - fp - fn },
}); // prettier-ignore
const usually = (reference: WindowProfile) => ({ ...syntheticBaseline({}, [EMPTY_PROFILE]), reference });

it('a window costs what its answers cost at the rate of those with labels, and so much more than at the reference’s', () => {
  const results = costResults({
    model: BINARY,
    answers: 1000,
    now: cells(10, 4),
    baseline: usually(cells(10, 2)),
  });
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

it('failed calls have no answer and cost nothing', () => {
  const score = { ...numericProfile([0.1, 0.4], [0.2]), rows: 800 };
  const profile = { ...EMPTY_PROFILE, predictions: 1000, features: { 'prediction.score': score } };
  expect(answersIn(profile)).toBe(800);
  expect(answersIn({ ...EMPTY_PROFILE, predictions: 1000 })).toBe(1000);
});

it('without a reference it learns; with few labels it does not say; without costs it is not there', () => {
  expect(costResults({ model: BINARY, answers: 1000, now: cells(10, 4), baseline: null })).toMatchObject([
    { value: 10.5, effect: null, state: 'LEARNING' },
    { value: 10_500, state: 'LEARNING' },
  ]);
  const few = cells(1, 1, 29);
  expect(costResults({ model: BINARY, answers: 40, now: few, baseline: null })).toMatchObject([
    { value: null, state: 'INSUFFICIENT' },
    { value: null, state: 'INSUFFICIENT' },
  ]);
  const free = Model.parse({ key: 'm', task: 'regression' });
  expect(costResults({ model: free, answers: 40, now: cells(1, 1), baseline: null })).toEqual([]);
});

it('classes cost by how many were wrong, or by which was taken for which', () => {
  const same = Model.parse({ key: 'm', task: 'multiclass', costs: { currency: 'EUR', mistake: 3 } });
  const performance = { ...NO_LABELS, labelled: 100, correct: 80 };
  const now = { ...EMPTY_PROFILE, performance };
  expect(costResults({ model: same, answers: 100, now, baseline: usually(now) })).toMatchObject([
    { value: 0.6, effect: 0 },
    { value: 60 },
  ]);
  const pairs = Model.parse({ key: 'm', task: 'multiclass', costs: { currency: 'EUR', matrix: { a: { b: 7 } } } });
  const [rule] = costRules(pairs);
  const costing = (sum: number) => ({ ...now, measures: { [rule!.name]: { kind: 'mean', n: 100, sum, sumSquares: 7 * sum } as const } });
  expect(costResults({ model: pairs, answers: 1000, now: costing(140), baseline: usually(costing(70)) })).toMatchObject([
    { statistic: 'cost_per_answer', value: 1.4, effect: 0.7, state: 'OK' },
    { statistic: 'cost', value: 1400, effect: 700 },
  ]);
  // costs that were written after the reference was frozen, and labels that came after it
  const later = usually(now);
  expect(costResults({ model: pairs, answers: 1000, now: costing(140), baseline: later })).toMatchObject([{ value: 1.4, effect: null, state: 'LEARNING' }, {}]);
  const window = { from: new Date(0), to: new Date(1), profile: costing(35) };
  const labels = { id: 'l', fingerprint: 'f', source: later.source, windows: [window, window] };
  expect(costResults({ model: pairs, answers: 1000, now: costing(140), baseline: { ...later, labels } })[0]?.effect).toBeCloseTo(1.05, 12);
}); // prettier-ignore

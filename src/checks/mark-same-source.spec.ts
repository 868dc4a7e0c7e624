import { expect, it } from 'vitest';
import type { CheckResult } from '../domain/check-result.js';
import { Model } from '../domain/model.js';
import { markSameSource } from './mark-same-source.js';

const model = Model.parse({
  key: 'm',
  task: 'regression',
  features: {
    age: { type: 'numeric', source: 'crm' },
    income: { type: 'numeric', source: 'crm' },
    distance: { type: 'numeric', source: 'maps' },
    colour: { type: 'categorical' },
  },
});
const says = (check: CheckResult['check'], feature: string, state: CheckResult['state'] = 'ALERT') =>
  ({
    check,
    feature,
    state,
    statistic: 'rate',
    value: 1,
    effect: 1,
    n: 100,
    explanation: 'found',
  }) as CheckResult;
const explainedIn = (...results: readonly CheckResult[]) =>
  markSameSource(results, model).map(({ feature, explainedBy }) => [feature, explainedBy?.join()]);

it('drift of a feature whose source is at fault follows from the fault', () => {
  const found = [
    says('null_rate', 'age'),
    says('feature_drift', 'income'),
    says('feature_drift', 'distance'),
    says('feature_drift', 'colour'),
    says('feature_drift', 'age'),
  ];
  expect(explainedIn(...found)).toEqual([
    ['age', undefined],
    ['income', 'age'],
    ['distance', undefined],
    ['colour', undefined],
    ['age', undefined],
  ]);
  expect(markSameSource(found, model)[1]?.explanation).toBe(
    'found; it comes from crm, which is at fault: null rate of age',
  );
});

it('and from nothing where the fault is none, or of a feature of another source', () => {
  const drift = says('feature_drift', 'income');
  expect(explainedIn(says('null_rate', 'age', 'OK'), drift)[1]).toEqual(['income', undefined]);
  expect(explainedIn(says('null_rate', 'distance'), drift)[1]).toEqual(['income', undefined]);
  expect(explainedIn(says('null_rate', 'colour'), drift)[1]).toEqual(['income', undefined]);
});

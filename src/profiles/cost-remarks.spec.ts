import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { NO_LABELS } from '../domain/profile.js';
import { costRemarks } from './cost-remarks.js';

const costs = { currency: 'EUR', matrix: { cat: { dgo: 7 } } };
const labels = { ...NO_LABELS, newLabels: { cat: 5, dog: 5 } };

it('costs that name a class nobody has are said to', () => {
  const model = Model.parse({ key: 'm', task: 'multiclass', costs });
  expect(costRemarks(model, {}, labels)).toEqual([expect.stringMatching(/costs.matrix names "dgo", which is neither/)]);
  expect(costRemarks(model, {}, NO_LABELS)).toEqual([]);
  expect(costRemarks(Model.parse({ key: 'm', task: 'multiclass', costs: { currency: 'EUR', matrix: { cat: { dog: 7 } } } }), {}, labels)).toEqual([]);
}); // prettier-ignore

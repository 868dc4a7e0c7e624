import { expect, it } from 'vitest';
import { unknownFeatures } from './policy-names.js';

it('names features that no model has, and what there is', () => {
  const rule = (id: string, features: readonly string[]) => ({ id, features });
  const rules = [
    rule('a', ['region', 'regoin']),
    rule('b', []),
    rule('c', ['re*', 'x*', 'prediction.score']),
  ];
  const known = ['prediction.score', 'region', 'age'];
  expect(unknownFeatures([{ id: 'p', rules }], known)).toEqual([
    'p, rule a: no model has a feature "regoin"; there are prediction.score, region, age',
    'p, rule c: no model has a feature "x*"; there are prediction.score, region, age',
  ]);
});

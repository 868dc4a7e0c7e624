import { describe, expect, it } from 'vitest';
import type { FeatureBaseline } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import { Model } from '../domain/model.js';
import { limitsReached } from './limits-reached.js';

const model = Model.parse({
  key: 'm',
  task: 'binary',
  positive: 'yes',
  protected: ['sex', 'birthplace'],
  limits: { categories: 40 },
});
const NUMERIC: FeatureBaseline = {
  kind: 'numeric',
  edges: [1],
  quantiles: [0, 0, 0, 0, 0],
  centre: 0,
  integer: false,
};
const words = (usual: number, rare: number): FeatureBaseline => ({
  kind: 'categorical',
  categories: Array.from({ length: usual }, (_, i) => `usual ${i}`),
  tail: Array.from({ length: rare }, (_, i) => `rare ${i}`),
  unseenMass: 0,
});
const numeric = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, NUMERIC]));
const times = (count: number, of: (i: number) => Constraint) =>
  Array.from({ length: count }, (_, i) => of(i));
const order = (i: number): Constraint => ({
  rule: 'order', name: `order:${i}`, check: 'pair_rule', feature: null, statistic: 'broken', a: 'f0', b: `f${i}`,
}); // prettier-ignore
const attribution = (i: number): Constraint => ({
  rule: 'attribution', name: `attribution:f${i}`, check: 'attribution_drift', feature: `f${i}`, statistic: 'share', of: `f${i}`,
}); // prettier-ignore
const selection = (attribute: string) => (i: number): Constraint => ({
  rule: 'selection', name: `selection_ratio:${attribute}=${i}`, check: 'fairness', feature: `${attribute}=${i}`, statistic: 'selection_ratio',
  attribute, group: String(i), outcome: 'yes', otherwise: false, byScore: true, among: 'all',
}); // prettier-ignore

describe('limits that a reference came up against', () => {
  it('says nothing below them', () => {
    const rules = [...times(49, order), ...times(49, attribution), ...times(19, selection('sex'))];
    expect(limitsReached(model, { ...numeric(50), city: words(5, 39) }, rules)).toEqual([]);
  });

  it('names the features that relations and the joint look leave out, of which outputs are none', () => {
    const some = limitsReached(
      model,
      { ...numeric(56), city: words(30, 0), 'prediction.score': NUMERIC },
      [],
    );
    expect(some).toEqual([expect.stringMatching(/^features are judged together by 60 of 61 columns/u)]);
    expect(limitsReached(model, numeric(600), [])).toEqual([
      'relations and formats are looked for in 200 of 600 features, the first by name',
      expect.stringMatching(/by 60 of 600 columns/u),
    ]);
  });

  it.each([
    ['relations', times(50, order), /^50 relations between features/u],
    ['attributions', times(50, attribution), /^attributions of 50 features/u],
    ['groups', times(20, selection('birthplace')), /^20 groups of "birthplace"/u],
  ])('names %s that are as many as there may be', (_, rules, sentence) => {
    expect(limitsReached(model, numeric(2), rules)).toEqual([expect.stringMatching(sentence)]);
  });

  it('names the features whose dictionary is full, some of many', () => {
    const one = { city: words(3, 40), region: words(3, 39) };
    expect(limitsReached(model, one, [])).toEqual([
      'limits.categories (40) is reached by "city": rarer values of the reference are taken for new',
    ]);
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`c${i}`, words(1, 40)]));
    expect(limitsReached(model, many, [])).toEqual([expect.stringMatching(/"c9" and 2 more:/u)]);
  });
});

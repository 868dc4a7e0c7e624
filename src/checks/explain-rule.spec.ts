import { describe, expect, it } from 'vitest';
import { numericProfile, syntheticBaseline } from '../../test/support/synthetic-model.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import type { Column } from '../domain/multivariate-rule.js';
import { NO_LABELS, type NumericProfile, type WindowProfile } from '../domain/profile.js';
import { explainRule } from './explain-rule.js';

const column = (feature: string): Column => ({ kind: 'numeric', feature, mean: 0, sd: 1 });
const component = (part: 'residual' | 'hotelling'): Constraint => ({
  rule: 'component', name: part, check: 'multivariate', feature: null, statistic: part, every: 1, part,
  columns: [column('a'), column('b')], variances: [1.5], directions: [[0.7071, 0.7071]],
}); // prettier-ignore
const correlation: Constraint = {
  rule: 'correlation', name: 'r', check: 'multivariate', feature: null, statistic: 'correlation:a~b', every: 1, a: column('a'), b: column('b'),
}; // prettier-ignore
const pair = (r: number): Measure => ({ kind: 'pair', n: 100, sumX: 0, sumY: 0, sumXX: 100, sumYY: 100, sumXY: 100 * r }); // prettier-ignore
const steady = numericProfile([-1, 1, -1, 1], [0]);

function windowOf(measures: Record<string, Measure>, a: NumericProfile = steady): WindowProfile {
  return {
    predictions: 4,
    features: { a, b: steady },
    unknownFeatures: [],
    performance: NO_LABELS,
    measures,
  };
}

function explain(rule: Constraint, value: number, now: WindowProfile, before = windowOf({})) {
  const baseline = { ...syntheticBaseline({}, [windowOf({})]), rules: [correlation], reference: before };
  return explainRule(rule, { value, n: 100, expected: value }, { baseline, profile: now });
}

const mean = (value: number): Measure => ({ kind: 'mean', n: 10, sum: 10 * value, sumSquares: 0 });

describe('what many features show, in words', () => {
  it('names both features of a correlation, and what it was', () => {
    expect(explain(correlation, -0.61, windowOf({}), windowOf({ r: pair(0.6) }))).toBe(
      'the correlation of a and b is −0.61, 0.6 in the reference',
    );
  });

  it('names the pair that takes rows off the directions', () => {
    const before = windowOf({ r: pair(0.6), residual: mean(1) });
    expect(explain(component('residual'), 1.5, windowOf({ r: pair(-0.2) }), before)).toBe(
      'rows are off the directions in which the reference varies: 1.5 on average, 1 in the reference, mostly by a, b',
    );
  });

  it('names the feature that takes rows along them, and none where none moved', () => {
    const along =
      'rows are farther out along the directions in which the reference varies: 3 on average, unknown in the reference';
    expect(explain(component('hotelling'), 3, windowOf({}, numericProfile([1, 3, 1, 3], [0])))).toBe(
      `${along}, mostly by a`,
    );
    expect(explain(component('hotelling'), 3, windowOf({}))).toBe(along);
  });

  it('names what gives a window away to the classifier', () => {
    const rule: Constraint = {
      rule: 'classifier', name: 'c', check: 'multivariate', feature: null, statistic: 'domain_classifier',
      columns: [{ feature: 'a', category: null }], sample: '',
    }; // prettier-ignore
    const found: Measure = { kind: 'value', y: 0.71, v: 0.001, n: 500, leading: ['a', 'b'] };
    expect(explain(rule, 0.71, windowOf({ c: found }))).toBe(
      'a classifier tells this window from the reference (AUC 0.71), mostly by a, b',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { WholeBaseline } from '../domain/baseline.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { syntheticBaseline, START } from '../../test/support/synthetic-model.js';
import { attributionResults } from './attribution-results.js';
import { groupResults } from './group-results.js';

const WINDOW = { model: 'm', version: '1', from: START, to: START, revision: 0 };

function selection(among: 'all' | 'deserving' | 'undeserving'): Constraint {
  return {
    rule: 'selection', name: among, check: among === 'all' ? 'fairness' : 'group_errors', feature: 'sex=f', statistic: among,
    attribute: 'sex', group: 'f', among, outcome: 'yes', otherwise: false, byScore: true, ...(among === 'all' ? {} : { needsLabels: true }),
  }; // prettier-ignore
}

const profileOf = (measures: Record<string, Measure>): WindowProfile => ({
  predictions: 1000,
  features: {},
  unknownFeatures: [],
  performance: NO_LABELS,
  measures,
});
const rates = (hits: number, trials: number, otherHits: number, otherTrials: number): Measure => ({
  kind: 'rates',
  hits,
  trials,
  otherHits,
  otherTrials,
});
const baselineOf = (rules: readonly Constraint[], measures: Record<string, Measure> = {}): WholeBaseline => ({
  ...syntheticBaseline({}, [profileOf({})]),
  rules,
  reference: profileOf(measures),
});

describe('the impact ratio of a group', () => {
  const judge = (all: Measure) =>
    groupResults(baselineOf([selection('all')]), profileOf({ all }), WINDOW)[0]!;

  it('G-15: is a notice only where the upper bound is below four fifths', () => {
    // The worked example of the specification: 0.6, at most 0.8222.
    expect(judge(rates(30, 100, 200, 400))).toMatchObject({ check: 'fairness', statistic: 'impact_ratio', state: 'OK', value: 0.6, n: 100 }); // prettier-ignore
    const proved = judge(rates(300, 1000, 2000, 4000));
    expect(proved).toMatchObject({ state: 'NOTICE', value: 0.6, since: START });
    expect(proved.explanation).toContain('30 % (n = 1000)');
    expect(proved.explanation).toContain('others 50 % (n = 4000)');
  });

  it('is proved where nobody of the group is selected', () => {
    expect(judge(rates(0, 200, 100, 200))).toMatchObject({ state: 'NOTICE', value: 0 });
  });

  it('is not told of fewer than fifty people on either side, and unknown where there is nobody to compare with', () => {
    expect(judge(rates(1, 49, 200, 400))).toMatchObject({
      state: 'INSUFFICIENT',
      value: null,
      explanation: null,
    });
    expect(judge(rates(100, 400, 1, 49))).toMatchObject({ state: 'INSUFFICIENT', value: null });
    expect(judge(rates(10, 100, 0, 100))).toMatchObject({ state: 'NOT_APPLICABLE', value: null });
    expect(groupResults(baselineOf([selection('all')]), profileOf({}), WINDOW)[0]).toMatchObject({
      state: 'INDETERMINATE',
    });
  });
});

describe('equalised odds', () => {
  const rules = [selection('all'), selection('deserving'), selection('undeserving')];
  const judge = (deserving: Measure, undeserving: Measure) =>
    groupResults(baselineOf(rules), profileOf({ deserving, undeserving }), WINDOW)[1]!;

  it('is the larger of the two gaps, with both intervals beside it', () => {
    const result = judge(rates(87, 100, 180, 200), rates(10, 100, 60, 200));
    expect(result).toMatchObject({ check: 'group_errors', statistic: 'equalised_odds', state: 'OK', n: 200 });
    expect(result.value).toBeCloseTo(0.2, 12);
    // Newcombe's interval of 87/100 − 180/200, from the vectors of statsmodels.
    expect(result.explanation).toContain('true positive rate by −3 (−11.7 to 4.2) percentage points');
  });

  it('needs fifty of each', () => {
    expect(judge(rates(10, 40, 180, 200), rates(10, 100, 60, 200))).toMatchObject({ state: 'INSUFFICIENT', value: null }); // prettier-ignore
  });
});

describe('the ranking of attributions', () => {
  const rules = ['a', 'b', 'c'].map((of): Constraint => ({ rule: 'attribution', name: of, check: 'attribution_drift', feature: of, statistic: 'share', of })); // prettier-ignore
  const shares = (a: number, b: number, c: number, n = 100): Record<string, Measure> => ({
    a: { kind: 'mean', n, sum: n * a, sumSquares: 0 },
    b: { kind: 'mean', n, sum: n * b, sumSquares: 0 },
    c: { kind: 'mean', n, sum: n * c, sumSquares: 0 },
  });
  const baseline = baselineOf(rules, shares(0.5, 0.3, 0.2));

  it('keeps all of its gain in the same order and loses some in another', () => {
    expect(attributionResults(baseline, profileOf(shares(0.6, 0.3, 0.1)))[0]).toMatchObject({
      value: 1,
      state: 'OK',
      n: 100,
    });
    expect(attributionResults(baseline, profileOf(shares(0.2, 0.3, 0.5)))[0]!.value).toBeCloseTo(0.80995, 4);
  });

  it('says nothing without rows, and is not there where nothing is logged', () => {
    expect(attributionResults(baseline, profileOf({}))[0]).toMatchObject({
      value: null,
      state: 'INDETERMINATE',
    });
    expect(attributionResults(baseline, profileOf(shares(1, 0, 0, 12)))[0]).toMatchObject({
      state: 'INSUFFICIENT',
    });
    expect(attributionResults(baselineOf([]), profileOf({}))).toEqual([]);
  });
});

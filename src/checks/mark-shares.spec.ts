import { expect, it } from 'vitest';
import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import { markShares } from './mark-shares.js';

const drift: CheckResult = { check: 'feature_drift', feature: 'country', statistic: 'shape', value: 1, n: 60, state: 'ALERT', evidence: 9, effect: 0.7, since: null, explanation: 'CH' }; // prettier-ignore
const rows: CheckResult = { ...drift, check: 'segment_drift', feature: null, segment: 'country=CH', statistic: 'predictions', explanation: '27 predictions, 9 expected at this time' }; // prettier-ignore
const rule = { rule: 'segment', name: 'rows:CH', feature: null, attribute: 'country', value: 'CH', segment: 'country=CH', check: 'segment_drift', statistic: 'predictions', counted: { of: 'rows' } } as const; // prettier-ignore
const sides = (n: number, otherN: number): Measure => ({ kind: 'sides', n, sum: n, sumSquares: n, otherN, otherSum: otherN, otherSquares: otherN }); // prettier-ignore
const windows = Array.from({ length: 100 }, () => ({ from: new Date(0), to: new Date(0) }));
const baseline = { rules: [rule], reference: { measures: { 'rows:CH': sides(900, 5100) } }, windows } as unknown as Baseline; // prettier-ignore

const marked = (now: Measure, results: readonly CheckResult[] = [drift, rows]) =>
  markShares(results, { baseline, profile: { measures: { 'rows:CH': now }, features: {} } }).at(-1)
    ?.explainedBy;

it('rows of a segment follow from the drift of the feature whose share they are', () => {
  expect(marked(sides(27, 33))).toEqual(['country']);
  expect(marked(sides(3, 57))).toEqual(['country']);
});

it('they stand by themselves where the feature has not moved, all rows are more, or none are left', () => {
  expect(marked(sides(27, 33), [{ ...drift, state: 'OK' }, rows])).toBeUndefined();
  expect(marked(sides(27, 33), [{ ...drift, feature: 'plan' }, rows])).toBeUndefined();
  expect(marked(sides(27, 123))).toBeUndefined();
  expect(marked(sides(0, 60))).toBeUndefined();
});

it('rows of two keys follow from the drift of the one whose value became so much more, and of the other one not', () => {
  const pair = { ...rule, name: 'rows:CH & pro', attribute: 'country & plan', value: 'CH & pro', segment: 'country=CH & plan=pro' } as const; // prettier-ignore
  const counted = (...counts: number[]) => ({ kind: 'categorical', rows: 100, n: 100, nulls: 0, missing: 0, mistyped: 0, counts, other: 0, fresh: 0 }) as const; // prettier-ignore
  const kind = (...categories: string[]) => ({ kind: 'categorical', categories, tail: [], unseenMass: 0 }) as const; // prettier-ignore
  const known = {
    rules: [pair],
    windows,
    features: { country: kind('CH', 'DE'), plan: kind('pro', 'free') },
    reference: {
      measures: { [pair.name]: sides(450, 5550) },
      features: { country: counted(15, 85), plan: counted(50, 50) },
    },
  } as unknown as Baseline;
  const of = (moved: string) => {
    const results = [
      { ...drift, feature: moved },
      { ...rows, segment: pair.segment },
    ];
    const profile = { measures: { [pair.name]: sides(13, 47) }, features: { country: counted(45, 55), plan: counted(48, 52) } }; // prettier-ignore
    return markShares(results, { baseline: known, profile }).at(-1)?.explainedBy;
  };
  expect(of('country')).toEqual(['country']);
  expect(of('plan')).toBeUndefined();
});

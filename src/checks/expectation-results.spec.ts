import { expect, it } from 'vitest';
import { syntheticWindow } from '../../test/support/synthetic-model.js';
import { Expectation, expectationRules } from '../domain/expectation.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { expectationResults } from './expectation-results.js';

const rules = expectationRules(
  [{ feature: 'age', min: 18, max: 120 }, { feature: 'income', nullsAtMost: 0.01 }].map((one) => Expectation.parse(one)),
); // prettier-ignore
const results = (...hits: readonly number[]) => {
  const measures = Object.fromEntries(
    hits.map((broken, i) => [rules[i]?.name ?? '', { kind: 'rate' as const, hits: broken, trials: 5000 }]),
  );
  return expectationResults({ rules }, { ...EMPTY_PROFILE, measures }, syntheticWindow(0));
};

it('is broken by the first row where none may break it, and beyond chance where some may', () => {
  expect(results(0, 60)).toMatchObject([
    { statistic: '18 <= age <= 120', state: 'OK', value: 0 },
    { feature: 'income', state: 'OK', value: 0.012 },
  ]);
  const found = results(37, 120);
  expect(found.map(({ state }) => state)).toEqual(['ALERT', 'ALERT']);
  expect(found[0]?.explanation).toMatch(/^37 of 5.000 rows break it \(0\.74 %\)$/);
  expect(found[1]?.explanation).toMatch(/; 1 % may$/);
});

it('says nothing of rows that are not there', () => {
  expect(results().map(({ state }) => state)).toEqual(['INSUFFICIENT', 'INSUFFICIENT']);
});

import { expect, it } from 'vitest';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { asSummarised, isOneSum, toTheLastDigit } from './as-summarised.js';

const withErrors = (squaredErrorSquares: number) => ({
  ...EMPTY_PROFILE,
  performance: { ...EMPTY_PROFILE.performance, squaredErrorSquares },
});

it('takes sums that fell on either side of a tie for one', () => {
  const [minutes, rows] = [withErrors(1.65474355326), withErrors(1.65474355327)];
  expect(asSummarised(rows, minutes)).toEqual(minutes);
});

it('leaves a sum that an edited row changed', () => {
  const [minutes, rows] = [withErrors(1.65474355326), withErrors(1.654743554)];
  expect(asSummarised(rows, minutes)).toEqual(rows);
});

it('knows a sum of deviations as far as their squares are known', () => {
  const part = (sum: number) => ({ n: 100, sum, sumSquares: 2500 });
  expect(isOneSum(part(1e-9), part(1.4e-9))).toBe(true);
  expect(isOneSum(part(0.001), part(0.002))).toBe(false);
});

it('compares counts, names and lists as they are', () => {
  expect(isOneSum({ counts: [1, 2] }, { counts: [1, 2] })).toBe(true);
  expect(isOneSum({ counts: [1, 2] }, { counts: [2, 1] })).toBe(false);
  expect(isOneSum({ counts: [1, 2] }, { counts: [1, 2, 0] })).toBe(false);
  expect(isOneSum({ a: null }, { b: null })).toBe(false);
  expect(isOneSum(null, 0)).toBe(false);
  expect(isOneSum(NaN, NaN)).toBe(true);
});

it('finds what was judged by its digest where sums are one digit beside it, and nothing that is further', () => {
  const digested = ({ profile }: { profile: typeof EMPTY_PROFILE }) => ({ inputs: JSON.stringify(profile) });
  const all = [{ profile: withErrors(1.65474355327) }];
  const near = withErrors(1.65474355326);
  expect(toTheLastDigit(all, digested, JSON.stringify(near))).toEqual({ inputs: JSON.stringify(near) });
  expect(toTheLastDigit(all, digested, JSON.stringify(withErrors(1.65474355324)))).toBeUndefined();
});

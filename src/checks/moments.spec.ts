import { expect, it } from 'vitest';
import type { NumericBaseline } from '../domain/baseline.js';
import type { NumericProfile } from '../domain/profile.js';
import { momentsOf } from './moments.js';

const feature: NumericBaseline = {
  kind: 'numeric',
  edges: [],
  quantiles: [0, 0, 0, 0, 0],
  centre: 2_461_000.5,
  integer: false,
};
const profile: NumericProfile = {
  kind: 'numeric',
  rows: 4,
  n: 4,
  nulls: 0,
  missing: 0,
  mistyped: 0,
  sum: 0.004,
  sumSquares: 8e-6,
  min: 0,
  max: 0,
  bins: [],
};

it('keeps the spread of a Julian day, centred on the reference', () => {
  const found = momentsOf(profile, feature);
  expect(found?.mean).toBeCloseTo(2_461_000.501, 9);
  expect(found?.sd).toBeCloseTo(1e-3, 12);
});

it('reads profiles of baselines that have no centre as sums of the values', () => {
  const { centre: _, ...before } = feature;
  expect(momentsOf({ ...profile, sum: 8, sumSquares: 20 }, before)).toEqual({ mean: 2, sd: 1 });
});

it('has none where a sum was not computed', () => {
  expect(momentsOf({ ...profile, sum: null, sumSquares: null }, feature)).toBeNull();
});

import { expect, it } from 'vitest';
import { newestMature } from './newest-mature.js';

const points = (...shares: readonly (number | null)[]) =>
  shares.map((maturity, i) => ({ from: i, value: maturity === null ? null : 0.8, maturity }));

it('is the newest window with nearly all its labels, never the least labelled one', () => {
  expect(newestMature(points(1, 0.95, 0.4, 0.08, null))).toMatchObject({ point: { from: 1 }, mature: true });
});

it('is the best labelled one, and says so, where none is mature', () => {
  expect(newestMature(points(0.5, 0.7, 0.7, 0.1))).toMatchObject({ point: { from: 2 }, mature: false });
  expect(newestMature(points(null))).toBeNull();
});

import { expect, it } from 'vitest';
import { passedWindows } from './passed-windows.js';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour));

it('says when windows were, how many rows they had, and of the features asked for whether they were there', () => {
  const seen = { rows: 9, nulls: 1, missing: 2 };
  const windows = passedWindows(
    [
      { from: at(0), to: at(1), profile: { predictions: 9, features: { a: seen, b: seen } } },
      { from: at(1), to: at(2), profile: { predictions: 0, features: {} } },
    ],
    ['a', 'never'],
  );
  expect(windows.map(({ from, to }) => [from, to])).toEqual([
    [at(0), at(1)],
    [at(1), at(2)],
  ]);
  expect(windows.map(({ profile }) => profile)).toEqual([
    { predictions: 9, features: { a: seen } },
    { predictions: 0, features: {} },
  ]);
});

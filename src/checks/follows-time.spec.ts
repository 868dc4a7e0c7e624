import { expect, it } from 'vitest';
import { categoricalProfile } from '../../test/support/synthetic-model.js';
import type { NumericProfile } from '../domain/profile.js';
import { followsTime, isPartOfDate } from './follows-time.js';

const HOURS = 24 * 14;

function between(min: number, max: number): NumericProfile {
  const shared = { rows: 100, n: 100, nulls: 0, missing: 0, mistyped: 0, sum: 0, sumSquares: 0, bins: [] };
  return { kind: 'numeric', ...shared, min, max };
}

const windows = (profileAt: (hour: number) => NumericProfile | ReturnType<typeof categoricalProfile>) =>
  Array.from({ length: HOURS }, (_, hour) => ({ slot: hour % 168, profile: profileAt(hour) }));

it.each([
  ['a weekday', (hour: number) => between(Math.floor(hour / 24) % 7, Math.floor(hour / 24) % 7)],
  ['an hour', (hour: number) => between(hour % 24, hour % 24)],
  ['a row number', (hour: number) => between(100 * hour, 100 * hour + 99)],
  [
    'a date by name',
    (hour: number) =>
      categoricalProfile(Array.from({ length: 14 }, (_, day) => (day === Math.floor(hour / 24) ? 50 : 0))),
  ],
])('knows %s', (_, profileAt) => {
  expect(followsTime(windows(profileAt))).toBe(true);
});

it.each([
  ['what varies within every window', (hour: number) => between(-3 + (hour % 24) / 24, 3)],
  ['a level that goes up and down', (hour: number) => between(Math.sin(hour / 5), Math.sin(hour / 5) + 0.01)],
  ['a constant', () => between(4, 4)],
  ['several categories in a window', () => categoricalProfile([30, 20])],
])('leaves %s alone', (_, profileAt) => {
  expect(followsTime(windows(profileAt))).toBe(false);
});

it('takes a constant for a part of the date by its name alone', () => {
  const constant = windows(() => between(11, 11));
  expect(isPartOfDate('order_month', constant)).toBe(true);
  expect(isPartOfDate('months_employed', constant)).toBe(false);
  expect(
    isPartOfDate(
      'order_month',
      windows((hour) => between(hour % 2, 11)),
    ),
  ).toBe(false);
});

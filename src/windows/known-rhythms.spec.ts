import { expect, it } from 'vitest';
import { KnownRhythms } from './known-rhythms.js';

const HOUR = 3_600_000;
const NINE = { share: 0.9, least: 0.8, ripeMs: HOUR, lateMs: 2 * HOUR };

it('is of the version, else of another of its model, and asked again after an hour or a day', () => {
  const known = new KnownRhythms();
  expect(known.of('m', '1')).toBeUndefined();
  expect(known.isDue('m', '1', 0, HOUR)).toBe(true);
  known.learn('m', '1', { known: null, askedTo: 0 });
  expect(known.of('m', '1')).toBeNull();
  expect(known.isDue('m', '1', HOUR - 1, HOUR / 2)).toBe(false);
  expect(known.isDue('m', '1', HOUR, HOUR / 2)).toBe(true);
  known.learn('m', '2', { known: NINE, askedTo: 0 });
  expect(known.of('m', '1')).toBe(NINE);
  expect(known.of('other', '1')).toBeUndefined();
  expect(known.isDue('m', '2', 24 * HOUR - 1, HOUR)).toBe(false);
  expect(known.isDue('m', '2', 24 * HOUR, HOUR)).toBe(true);
  known.drop('m');
  expect(known.of('m', '2')).toBeUndefined();
});

it('knows for how long labels have been late without a break', () => {
  const known = new KnownRhythms();
  expect(known.lateFor('m', true, 10 * HOUR)).toBe(0);
  expect(known.lateFor('m', true, 11 * HOUR)).toBe(HOUR);
  expect(known.lateFor('other', true, 11 * HOUR)).toBe(0);
  expect(known.lateFor('m', false, 12 * HOUR)).toBe(0);
  expect(known.lateFor('m', true, 13 * HOUR)).toBe(0);
});

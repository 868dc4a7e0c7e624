import { expect, it } from 'vitest';
import { widthOf } from './rows-trend.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ONSET = new Date('2026-11-21T10:00:00Z');
const after = (ms: number) => new Date(ONSET.getTime() + ms);

it.each([
  ['freshness', HOUR, 20 * MINUTE, 5 * MINUTE],
  ['freshness', HOUR, 2 * HOUR, 30 * MINUTE],
  ['freshness', HOUR, 8 * HOUR, HOUR],
  ['freshness', MINUTE, 5 * MINUTE, MINUTE],
  ['freshness', MINUTE, 6 * HOUR, 4 * MINUTE],
  ['volume', HOUR, HOUR, HOUR],
  ['volume', HOUR, 30 * 24 * HOUR, 8 * HOUR],
  ['volume', 24 * HOUR, 10 * 24 * HOUR, 24 * HOUR],
])('rows of %s with windows of %d ms over %d ms are drawn by %d ms', (check, window, span, width) => {
  expect(widthOf(check, window, { onset: ONSET, lastAt: after(span) })).toBe(width);
  expect(widthOf(check, window, { onset: ONSET, lastAt: ONSET, until: after(span) })).toBe(width);
});

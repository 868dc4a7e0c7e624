import { describe, expect, it } from 'vitest';
import { watermark, windowStart } from './window.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 100 * HOUR;
const limits = { graceMs: MINUTE, widthMs: HOUR, now: NOW };
const source = (behindMs: number, silentMs = 0) => ({ newest: NOW - behindMs, grewAt: NOW - silentMs });

describe('a watermark', () => {
  it('is the newest event less the grace', () => {
    expect(watermark([source(5 * MINUTE)], limits)).toBe(NOW - 6 * MINUTE);
  });

  it('waits for the source that is furthest behind', () => {
    expect(watermark([source(0), source(40 * MINUTE)], limits)).toBe(NOW - 41 * MINUTE);
  });

  it('does not wait for a source that went silent', () => {
    expect(watermark([source(0), source(40 * MINUTE, 3 * MINUTE)], limits)).toBe(NOW - MINUTE);
  });

  it('waits for no more than an hour of event time, or a window where that is longer', () => {
    expect(watermark([source(0), source(30 * HOUR)], limits)).toBe(NOW - HOUR - MINUTE);
    const daily = { ...limits, widthMs: 24 * HOUR };
    expect(watermark([source(0), source(30 * HOUR)], daily)).toBe(NOW - 24 * HOUR - MINUTE);
  });

  it('follows the clock when every source is silent', () => {
    expect(watermark([source(5 * HOUR, 5 * HOUR)], limits)).toBe(NOW - 3 * MINUTE);
  });
});

it('windows are aligned to the epoch', () => {
  expect(windowStart(NOW + 59 * MINUTE, HOUR)).toBe(NOW);
});

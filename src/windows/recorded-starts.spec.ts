import { describe, expect, it } from 'vitest';
import { lcg } from '../stats/lcg.js';
import { RecordedStarts } from './recorded-starts.js';

const HOUR = 3_600_000;

describe('starts of recorded windows', () => {
  it('are those that were taken in and no others, in whatever order they came', () => {
    const random = lcg(7);
    for (let turn = 0; turn < 40; turn++) {
      const starts = new RecordedStarts();
      const own = new Set<number>();
      for (let i = 0; i < 60; i++) {
        const start = Math.floor(random() * 50) * HOUR;
        own.add(start);
        starts.add(start, HOUR);
        if (i % 10 === 0) expect(starts.newest).toBe(Math.max(...own));
      }
      for (let hour = -2; hour < 53; hour++) {
        expect(starts.has(hour * HOUR)).toBe(own.has(hour * HOUR));
        expect(starts.has(hour * HOUR + 1)).toBe(false);
      }
    }
  });

  it('of windows that got longer are found beside those of before, and an instant that is none changes nothing', () => {
    const starts = new RecordedStarts();
    expect(starts.newest).toBe(-Infinity);
    for (let hour = 0; hour < 24; hour++) starts.add(hour * HOUR, HOUR);
    for (let day = 1; day < 4; day++) starts.add(day * 24 * HOUR, 24 * HOUR);
    starts.add(NaN, HOUR);
    expect([23, 24, 25, 48, 49, 72, 96].map((hour) => starts.has(hour * HOUR))).toEqual([true, true, false, true, false, true, false]); // prettier-ignore
    expect(starts.newest).toBe(72 * HOUR);
  });
});

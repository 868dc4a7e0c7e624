import { describe, expect, it } from 'vitest';
import { learningStart } from './learning-start.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LEARN = 14 * DAY;
const hourly = (from: number, days: number, open: (hour: number) => boolean = () => true) =>
  Array.from({ length: days * 24 }, (_, i) => from + i * HOUR).filter((at) => open(at / HOUR));

describe('where learning begins', () => {
  it('is with the first row of a stream', () => {
    expect(learningStart(hourly(0, 20), LEARN, 20 * DAY)).toBe(0);
    expect(learningStart([], LEARN, 20 * DAY)).toBeNull();
  });

  it('is not with a stray row, or an hour of trials, long before', () => {
    const stray = [0, HOUR, 2 * HOUR];
    const start = 60 * DAY;
    expect(learningStart([...stray, start], LEARN, start + HOUR)).toBe(start);
    expect(learningStart([...stray, ...hourly(start, 20)], LEARN, start + 20 * DAY)).toBe(start);
    // within the period of the real rows: a part of it
    expect(learningStart([...stray, ...hourly(5 * DAY, 20)], LEARN, 25 * DAY)).toBe(0);
    expect(learningStart(stray, LEARN, start)).toBeNull();
  });

  it.each([
    ['at weekends only', (hour: number) => hour % 168 < 48],
    ['at night only', (hour: number) => hour % 24 < 4],
    ['once a day', (hour: number) => hour % 24 === 3],
  ])('is with the first row of a model that answers %s', (_, open) => {
    const starts = hourly(0, 28, open);
    expect(learningStart(starts, LEARN, 28 * DAY)).toBe(starts[0]);
  });
});

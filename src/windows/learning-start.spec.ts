import { describe, expect, it } from 'vitest';
import { learningSpan, learningStart } from './learning-start.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TERMS = { learn: 14 * DAY, window: HOUR };
const hourly = (from: number, days: number, open: (hour: number) => boolean = () => true) =>
  Array.from({ length: days * 24 }, (_, i) => from + i * HOUR).filter((at) => open(at / HOUR));

describe('where learning begins', () => {
  it('is with the first row of a stream', () => {
    expect(learningStart(hourly(0, 20), TERMS, 20 * DAY)).toBe(0);
    expect(learningStart([], TERMS, 20 * DAY)).toBeNull();
  });

  it('is with the first whole window: one that the stream began in teaches other numbers', () => {
    const began = (minute: number) => [minute * MINUTE, ...hourly(HOUR, 20)];
    expect(learningStart(began(23), TERMS, 20 * DAY)).toBe(HOUR);
    expect(learningStart(began(23), TERMS, HOUR)).toBe(HOUR);
    // a few minutes of an hour are nothing
    expect(learningStart(began(2), TERMS, 20 * DAY)).toBe(0);
    expect(learningStart(began(3), TERMS, 20 * DAY)).toBe(HOUR);
    // of a window of minutes nobody knows whether it is whole
    expect(learningStart([0, MINUTE], { learn: HOUR, window: MINUTE }, MINUTE)).toBe(MINUTE);
  });

  it('is not with a stray row, or an hour of trials, long before', () => {
    const stray = [0, HOUR, 2 * HOUR];
    const start = 60 * DAY;
    expect(learningStart([...stray, start], TERMS, start + HOUR)).toBe(start);
    expect(learningStart([...stray, ...hourly(start, 20)], TERMS, start + 20 * DAY)).toBe(start);
    // within the period of the real rows: a part of it
    expect(learningStart([...stray, ...hourly(5 * DAY, 20)], TERMS, 25 * DAY)).toBe(0);
    expect(learningStart(stray, TERMS, start)).toBeNull();
  });

  it.each([
    ['at weekends only', (hour: number) => hour % 168 < 48],
    ['at night only', (hour: number) => hour % 24 < 4],
    ['once a day', (hour: number) => hour % 24 === 3],
  ])('is with the first row of a model that answers %s', (_, open) => {
    const starts = hourly(0, 28, open);
    expect(learningStart(starts, TERMS, 28 * DAY)).toBe(starts[0]);
  });
});

it('whole windows are learnt from', () => {
  expect(learningSpan({ learn: 90 * MINUTE, window: HOUR })).toBe(2 * HOUR);
  expect(learningSpan(TERMS)).toBe(14 * DAY);
});

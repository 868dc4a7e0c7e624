import { describe, expect, it } from 'vitest';
import { seasonalSeries } from '../../test/support/seasonal-series.js';
import { calendarSlot } from './calendar-slot.js';
import { type DayKind, kindOfDay, kindOfDayResults } from './kind-of-day.js';
import type { Observation, SeriesModel } from './series.js';

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2026, 0, 5);
const TERMS = { window: HOUR, timezone: 'UTC' };

const observed = (y: number): Observation => ({ y, v: 0.01, n: 500, value: y, hits: null, trials: 0 });

/** Ten on weekdays, eight on Saturdays, five on Sundays. */
const means = Array.from({ length: 168 }, (_, slot) => (slot < 120 ? 10 : slot < 144 ? 8 : 5));

const series = ['a', 'b', 'c'].map((feature) => seasonalSeries(feature, means));

/** Judges the hours of one day after another, each given as the values of the three features, or those of its hours. */
function days(values: readonly (readonly number[] | ((hour: number) => readonly number[]))[]) {
  let before: DayKind | null = null;
  return values.flatMap((given, d) =>
    Array.from({ length: 24 }, (_, h) => {
      const own = typeof given === 'function' ? given(h) : given;
      const from = new Date(MONDAY + (24 * d + h) * HOUR);
      const measureAt = () => new Map(series.map(({ key }, i) => [key, observed(own[i] ?? 0)] as const));
      const minute = from.getTime() / 60_000;
      const judged = kindOfDay(calendarSlot(from, TERMS), { before, minute, measureAt }, series);
      before = judged.kind;
      const [result] = kindOfDayResults(judged, 500);
      return { like: judged.kind?.like ?? null, week: judged.slot.week, result };
    }),
  );
}

const WEEKDAY = [10, 10, 10];
const SUNDAY = [5, 5, 5];

describe('a day in the week that behaves like a Sunday', () => {
  const judged = days([WEEKDAY, SUNDAY, WEEKDAY]);

  it('is judged as one from its first hour to its last, and is one notice', () => {
    expect(judged.slice(24, 48).map(({ like }) => like)).toEqual(Array.from({ length: 24 }, () => 6));
    expect(judged[24]?.week).toBe(6 * 24);
    expect(judged[24]?.result).toMatchObject({ check: 'volume', statistic: 'kind_of_day', state: 'NOTICE' });
    expect(judged[24]?.result?.explanation).toContain('this Tuesday behaves like a Sunday');
    expect(new Set(judged.slice(24, 48).map(({ result }) => result?.since?.getTime())).size).toBe(1);
  });

  it('is over the day after, and says so', () => {
    expect(judged[48]).toMatchObject({ like: null, week: 2 * 24, result: { state: 'OK' } });
  });
});

describe('a day that is like a Sunday for some hours only', () => {
  it.each([[1], [12]])('is its own weekday again after the first %i', (until) => {
    const judged = days([WEEKDAY, (hour) => (hour < until ? SUNDAY : WEEKDAY)]).slice(24);
    expect(judged.map(({ like }) => like)).toEqual(
      Array.from({ length: 24 }, (_, hour) => (hour < until ? 6 : null)),
    );
    expect(judged.map(({ result }) => result?.state)).toEqual(
      Array.from({ length: 24 }, (_, hour) => (hour < until ? 'NOTICE' : 'OK')),
    );
  });

  it('counts as one of the three days in two weeks', () => {
    const half = (hour: number) => (hour < 12 ? SUNDAY : WEEKDAY);
    const judged = days([half, half, half, half]);
    expect([0, 24, 48, 72].map((hour) => judged[hour]?.like)).toEqual([6, 6, 6, null]);
  });
});

it('ordinary days, a change of one feature and values of no day are judged by their own weekday', () => {
  const nearerToSaturdays = [8.6, 8.6, 8.6];
  for (const values of [WEEKDAY, [5, 10, 10], [20, 20, 20], [10, 5, 12], nearerToSaturdays])
    expect(days([values]).every(({ like }) => like === null)).toBe(true);
});

it('a feature is asked by one of its series, never by whichever is farthest out today', () => {
  const steady = series.map((one): SeriesModel =>
    one.law?.kind === 'seasonal'
      ? { ...one, key: `${one.key}:first`, law: { ...one.law, means: means.map(() => 10) } }
      : one,
  );
  const both = steady.flatMap((one, i) => [one, ...series.slice(i, i + 1)]);
  const measureAt = () =>
    new Map(both.map(({ key }) => [key, observed(key.endsWith(':first') ? 10 : 5)] as const));
  const slot = calendarSlot(new Date(MONDAY + 24 * HOUR), TERMS);
  expect(kindOfDay(slot, { before: null, minute: 0, measureAt }, both)).toEqual({ slot, kind: null });
});

it('what goes on for longer than three days in two weeks is a change', () => {
  const judged = days([SUNDAY, SUNDAY, SUNDAY, SUNDAY]);
  expect([0, 24, 48, 72].map((hour) => judged[hour]?.like)).toEqual([6, 6, 6, null]);
});

it('a day of the calendar has the slot of a Sunday, whichever weekday it is', () => {
  const calendar = { days: ['2026-01-06', '12-25'] };
  const slot = (from: string) => calendarSlot(new Date(from), { ...TERMS, calendar });
  expect(slot('2026-01-06T07:00:00Z')).toMatchObject({ week: 6 * 24 + 7, bins: 31, dated: 24 + 7 });
  expect(slot('2029-12-25T00:00:00Z').week).toBe(6 * 24);
  expect(slot('2026-01-07T07:00:00Z')).toMatchObject({ week: 2 * 24 + 7, dated: 2 * 24 + 7 });
});

import { describe, expect, it } from 'vitest';
import { seasonalSeries } from '../../test/support/seasonal-series.js';
import { calendarSlot } from './calendar-slot.js';
import type { Observation } from './series.js';
import { type ClockChange, changedClocks, clockChange, clockChangeResults } from './clock-change.js';

const HOUR = 3_600_000;
const TERMS = { window: HOUR, timezone: 'UTC' };
const SUMMER = Date.UTC(2024, 2, 31, 1);

/** A day's season of three features with phases of their own. */
const levelAt = (feature: number, hour: number) => Math.sin((2 * Math.PI * (hour + 8 * feature)) / 24);
const series = ['a', 'b', 'c'].map((feature, i) =>
  seasonalSeries(
    feature,
    Array.from({ length: 168 }, (_, slot) => levelAt(i, slot % 24)),
  ),
);

const windowsOf = (...days: readonly string[]) => ({
  windows: days.map((day) => ({ from: new Date(`${day}T00:00:00Z`) }) as never),
});
const WINTER = windowsOf('2024-02-19', '2024-03-20');

/** Judges so many hours from 31 March on, each given by how many hours every feature is ahead. */
function hours(
  ahead: (hour: number, feature: number) => number,
  count = 72,
  off: (hour: number) => number = () => 0,
) {
  let before: ClockChange | null = null;
  return Array.from({ length: count }, (_, h) => {
    const from = new Date(SUMMER - 24 * HOUR + h * HOUR);
    const measureAt = () =>
      new Map(
        series.map(({ key }, i) => {
          const y = levelAt(i, from.getUTCHours() + ahead(h, i)) + off(h);
          return [key, { y, v: 0.0004, n: 500, value: y, hits: null, trials: 0 }] as const;
        }),
      );
    const at = (shift: number) => calendarSlot(new Date(from.getTime() + shift * HOUR), TERMS);
    const clocks = changedClocks(TERMS, WINTER, from);
    const asked = { ...clocks, before, minute: from.getTime() / 60_000, at, measureAt };
    before = clockChange(asked, series);
    return { shift: before?.hours ?? 0, result: clockChangeResults(before, 500)[0] };
  });
}

describe('clocks that change after the reference', () => {
  it('may have changed where they did somewhere, and never for a model with a zone or longer windows', () => {
    const possible = (terms: typeof TERMS, at: Date) => changedClocks(terms, WINTER, at).possible;
    const at = (day: string) => possible(TERMS, new Date(`${day}T12:00:00Z`));
    expect([at('2024-02-25'), at('2024-03-05')]).toEqual([[], []]);
    expect(at('2024-03-31')).toEqual([1]);
    expect(at('2024-07-01')).toEqual([1, -1]);
    const july = new Date('2024-07-01');
    expect(possible({ ...TERMS, timezone: 'Europe/Berlin' }, july)).toEqual([]);
    expect(possible({ ...TERMS, window: 24 * HOUR }, july)).toEqual([]);
  });

  it('are followed by a stream that moves with them, and are one notice', () => {
    const judged = hours((h) => (h >= 24 ? 1 : 0));
    expect(judged.slice(0, 24).every(({ shift }) => shift === 0)).toBe(true);
    const first = judged.findIndex(({ shift }) => shift === 1);
    expect(first).toBeGreaterThanOrEqual(24);
    expect(first).toBeLessThan(30);
    expect(judged.slice(first).every(({ shift }) => shift === 1)).toBe(true);
    expect(judged.at(-1)?.result).toMatchObject({ statistic: 'clock_change', state: 'NOTICE' });
    expect(judged.at(-1)?.result?.explanation).toContain('an hour earlier than in its reference');
  });

  it('are not followed by a stream that stays where it was, nor by one feature of three', () => {
    expect(hours(() => 0).every(({ shift }) => shift === 0)).toBe(true);
    expect(hours((h, i) => (h >= 24 && i === 0 ? 1 : 0)).every(({ shift }) => shift === 0)).toBe(true);
  });

  it('are not followed by a stream that looks an hour on for some hours, days after clocks changed', () => {
    const judged = hours((h) => (h >= 90 && h < 120 ? 1 : 0), 160);
    expect(judged.every(({ shift }) => shift === 0)).toBe(true);
  });

  it('are not what is found in a gap, where everything is less than at any hour', () => {
    const judged = hours(() => 0, 90, (h) => (h >= 28 && h < 52 ? -0.8 : 0)); // prettier-ignore
    expect(judged.every(({ shift }) => shift === 0)).toBe(true);
  });

  it('are taken back where the stream goes back', () => {
    const judged = hours((h) => (h >= 24 && h < 48 ? 1 : 0), 96);
    expect(judged[47]?.shift).toBe(1);
    expect(judged.slice(60).every(({ shift }) => shift === 0)).toBe(true);
    expect(judged.at(-1)?.result?.state).toBe('OK');
  });

  it('are over, and said to be, where clocks change back', () => {
    const summer = { began: 0, hours: 1, since: 60, ended: null, evidence: [4, 4, 0, 0] };
    const at = () => calendarSlot(new Date(SUMMER), TERMS);
    const asked = { at, measureAt: () => new Map<string, Observation>(), possible: [], zones: 0 };
    const back = clockChange({ ...asked, before: summer, minute: 1_000 }, series);
    expect(clockChangeResults(back, 500)).toMatchObject([{ state: 'OK' }]);
    expect(clockChange({ ...asked, before: back, minute: 40_000 }, series)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import {
  advanced,
  isLateOnce,
  reached,
  resumedProgress,
  type MinuteRows,
  type StreamProgress,
} from './stream-progress.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 10_000 * DAY;

/** Minutes of `[from, to)` before or after NOW, each with so many rows. */
const minutes = (from: number, to: number, rows = 10): MinuteRows[] =>
  Array.from({ length: Math.round((to - from) / MINUTE) }, (_, i) => [NOW + from + i * MINUTE, rows]);

/** Deliveries by the time they are seen; the look before each was a second earlier. */
const heard = (...deliveries: readonly (readonly [at: number, rows: readonly MinuteRows[]])[]) =>
  deliveries.reduce<StreamProgress | undefined>(
    (known, [at, rows]) => advanced(known, rows, { at: NOW + at, before: NOW + at - 1000 }),
    undefined,
  );

describe('how far a source is believed to be', () => {
  it('is its newest minute', () => {
    expect(heard([0, minutes(-HOUR, 0)])?.newest).toBe(NOW - MINUTE);
  });

  it('is not moved by one event that is ahead, nor by two', () => {
    const ahead: MinuteRows[] = [[NOW - HOUR + 59 * MINUTE, 1], [NOW - HOUR + 58 * MINUTE, 1]]; // prettier-ignore
    expect(heard([0, [...minutes(-2 * HOUR, -HOUR), ...ahead]])?.newest).toBe(NOW - HOUR - MINUTE);
  });

  it('is its last row, be it alone, once nothing follows', () => {
    const known = heard([0, [...minutes(-9 * HOUR, -8 * HOUR), [NOW - 5 * HOUR, 1]]]);
    if (!known) throw new Error('nothing was heard');
    expect(reached(known, NOW + 1_000)).toBe(NOW - 8 * HOUR - MINUTE);
    expect(reached(known, NOW + 2_000)).toBe(NOW - 5 * HOUR);
  });

  it('is never a claim about what is still to come', () => {
    const known = heard([0, [...minutes(-HOUR, 0), [NOW + 59 * MINUTE, 1]]], [HOUR, minutes(0, MINUTE)]);
    if (!known) throw new Error('nothing was heard');
    expect(reached(known, NOW + 2 * HOUR)).toBe(NOW);
  });

  it('is never ahead of the reader, whatever the clocks of producers say', () => {
    expect(heard([0, minutes(0, HOUR)])?.newest).toBe(NOW);
  });

  it('grew when it grew, and not with late rows', () => {
    const known = heard([0, minutes(-MINUTE, 0)], [10 * MINUTE, minutes(-5 * HOUR, -4 * HOUR)]);
    expect(known).toMatchObject({ newest: NOW - MINUTE, grewAt: NOW, delay: 0 });
  });
});

describe('how late a source is, by the first look of a process', () => {
  const FIRST = { at: NOW, before: -Infinity };
  const yesterday = minutes(-25 * HOUR, -HOUR);

  it('as late as an earlier process knew, of rows that came before it began', () => {
    const earlier = resumedProgress(NOW - 30 * HOUR, NOW, 1.2 * DAY);
    const known = advanced(undefined, yesterday, FIRST, earlier);
    expect(known.delay).toBeCloseTo(1.2 * DAY, -3);
    expect(isLateOnce(known)).toBe(false);
  });

  it('nobody knows of a stream that is new, and it is in time where its rows are of now', () => {
    expect(advanced(undefined, yesterday, FIRST)).toMatchObject({ delay: 0, rhythm: { liveSince: null } });
    expect(advanced(undefined, minutes(-MINUTE, 0), FIRST)).toMatchObject({
      delay: 0,
      rhythm: { liveSince: NOW },
    });
  });
});

describe('how late a source is', () => {
  it('not at all when its rows come in time, with nights between them', () => {
    const known = heard([0, minutes(-MINUTE, 0)], [14 * HOUR, minutes(14 * HOUR - MINUTE, 14 * HOUR)]);
    expect(known?.delay).toBe(0);
  });

  it('as long as its deliveries reach back, and a fifth more', () => {
    const known = heard([0, minutes(-26 * HOUR, -2 * HOUR)], [DAY, minutes(-2 * HOUR, 22 * HOUR)]);
    expect(known?.delay).toBeCloseTo(1.2 * (26 * HOUR - MINUTE - 1000), -3);
  });

  it('as the last three deliveries say', () => {
    const known = heard(
      [0, minutes(-90 * DAY, -90 * DAY + HOUR)],
      [DAY, minutes(DAY - 2 * HOUR, DAY - HOUR)],
      [2 * DAY, minutes(2 * DAY - 2 * HOUR, 2 * DAY - HOUR)],
      [3 * DAY, minutes(3 * DAY - 2 * HOUR, 3 * DAY - HOUR)],
    );
    expect(known?.delay).toBeCloseTo(1.2 * (2 * HOUR - MINUTE - 1000), -3);
  });

  it('no more as long as a history that was loaded before what is of today', () => {
    const month = [0, minutes(-30 * DAY, -30 * DAY + HOUR)] as const;
    const known = heard(month, [3 * HOUR, minutes(0, HOUR)]);
    expect(known?.delay).toBeCloseTo(1.2 * (3 * HOUR - MINUTE - 1000), -3);
    expect(known && isLateOnce(known)).toBe(true);
    // One that goes on in pieces is still one.
    expect(heard(month, [HOUR, minutes(-20 * DAY, -20 * DAY + HOUR)])?.delay).toBeGreaterThan(30 * DAY);
  });

  it('no more once it has been in time for a quarter of an hour', () => {
    const live = Array.from(
      { length: 17 },
      (_, i) => [i * MINUTE, minutes((i - 1) * MINUTE, i * MINUTE)] as const,
    );
    expect(heard([-MINUTE, minutes(-90 * DAY, -MINUTE)], ...live.slice(0, 5))?.delay).toBeGreaterThan(
      90 * DAY,
    );
    expect(heard([-MINUTE, minutes(-90 * DAY, -MINUTE)], ...live)?.delay).toBe(0);
  });

  it("what the reader was away for is not the source's delay", () => {
    const reading = { at: NOW + 6 * HOUR, before: NOW };
    expect(advanced(heard([0, minutes(-MINUTE, 0)]), minutes(0, 6 * HOUR), reading).delay).toBe(0);
  });

  it('is known again after a restart', () => {
    const known = resumedProgress(NOW, NOW, 30 * HOUR);
    expect(known.delay).toBe(30 * HOUR);
    const next = advanced(known, minutes(0, DAY), { at: NOW + 26 * HOUR, before: NOW + 26 * HOUR - 1000 });
    expect(next.delay).toBe(1.2 * (26 * HOUR - 2 * MINUTE - 1000));
  });
});

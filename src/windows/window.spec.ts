import { describe, expect, it } from 'vitest';
import { resumedProgress, type StreamProgress } from './stream-progress.js';
import { watermarks, windowStart } from './window.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 100 * HOUR;
const limits = { graceMs: MINUTE, widthMs: HOUR, readUntil: NOW };
const often = (one: StreamProgress) => ({ ...one, rhythm: { ...one.rhythm, before: [one.delay] } });
const source = (behindMs: number, silentMs = 0, delayMs = 0) =>
  ({ ...resumedProgress(NOW - behindMs, NOW - silentMs), delay: delayMs }) satisfies StreamProgress;

const watermark = (...given: Parameters<typeof watermarks>) => watermarks(...given).rows;

describe('a watermark', () => {
  it('is the newest event less the grace', () => {
    expect(watermark([source(5 * MINUTE)], limits)).toBe(NOW - 6 * MINUTE);
  });

  it('is less for a source whose rows are known to come in order, and for that one alone', () => {
    const spread = { before: null, now: { since: NOW - 10 * MINUTE, rows: [5000] } };
    const orderly = { ...source(0), spread };
    expect(watermark([orderly], limits)).toBe(NOW - 2_000);
    expect(watermark([orderly, source(0)], limits)).toBe(NOW - MINUTE);
    expect(watermark([orderly], { ...limits, graceMs: 1_000 })).toBe(NOW - 1_000);
  });

  it('waits for the source that is furthest behind', () => {
    expect(watermark([source(0), source(40 * MINUTE)], limits)).toBe(NOW - 41 * MINUTE);
  });

  it('does not wait for a source that went silent', () => {
    expect(watermark([source(0), source(40 * MINUTE, 3 * MINUTE)], limits)).toBe(NOW - MINUTE);
  });

  it('still waits for a source that is silent for just two minutes', () => {
    expect(watermark([source(0), source(40 * MINUTE, 2 * MINUTE)], limits)).toBe(NOW - 41 * MINUTE);
  });

  it('counts the rhythm of a silent source within an hour of the newest, or a window where that is longer', () => {
    const newest = source(30 * HOUR, 5 * HOUR);
    const daily = (behind: number) => often(source(30 * HOUR + behind, 9 * HOUR, 10 * HOUR));
    expect(watermark([newest, daily(HOUR)], limits)).toBe(NOW - 10 * HOUR - 3 * MINUTE);
    expect(watermark([newest, daily(5 * HOUR)], limits)).toBe(NOW - 3 * MINUTE);
    expect(watermark([newest, daily(5 * HOUR)], { ...limits, widthMs: 24 * HOUR })).toBe(
      NOW - 10 * HOUR - 3 * MINUTE,
    );
  });

  it('waits for no more than an hour of event time, or a window where that is longer', () => {
    expect(watermark([source(0), source(30 * HOUR)], limits)).toBe(NOW - HOUR - MINUTE);
    const daily = { ...limits, widthMs: 24 * HOUR };
    expect(watermark([source(0), source(30 * HOUR)], daily)).toBe(NOW - 24 * HOUR - MINUTE);
  });

  it('follows what was read when every source is silent', () => {
    expect(watermark([source(5 * HOUR, 5 * HOUR)], limits)).toBe(NOW - 3 * MINUTE);
  });

  it('stays as near once a source is silent whose rows are known to come in order: that it stopped is told a minute sooner', () => {
    const spread = { before: null, now: { since: NOW - 20 * MINUTE, rows: [5000] } };
    const stopped = { ...source(3 * MINUTE, 3 * MINUTE), spread };
    expect(watermark([stopped], limits)).toBe(NOW - 2 * MINUTE - 2_000);
    expect(watermark([stopped, source(3 * MINUTE, 3 * MINUTE)], limits)).toBe(NOW - 3 * MINUTE);
  });

  it('does not go beyond what was read, however late it is', () => {
    const behind = { ...limits, readUntil: NOW - 4 * HOUR };
    expect(watermark([source(5 * HOUR, 5 * HOUR)], behind)).toBe(NOW - 4 * HOUR - 3 * MINUTE);
    const never = { ...limits, readUntil: -Infinity };
    expect(watermark([source(5 * HOUR, 5 * HOUR)], never)).toBe(NOW - 5 * HOUR - MINUTE);
  });

  it('closes the last window of what came in one go, after a while, and none behind it', () => {
    const once = (silentMs: number) => source(40 * HOUR + 90 * MINUTE, silentMs, 90 * 24 * HOUR);
    expect(watermark([once(165_000)], limits)).toBe(NOW - 41 * HOUR - 31 * MINUTE);
    expect(watermark([once(34 * MINUTE)], limits)).toBe(NOW - 41 * HOUR);
    expect(watermark([once(30 * HOUR)], limits)).toBe(NOW - 41 * HOUR);
    expect(watermarks([once(30 * HOUR)], limits).labels).toBe(NOW - 3 * MINUTE);
  });

  it('leaves a source that delivers once a day the time until it is late', () => {
    const daily = often(source(14 * HOUR, 12 * HOUR, 30 * HOUR));
    expect(watermark([daily], limits)).toBe(NOW - 14 * HOUR - MINUTE);
    const missed = often(source(44 * HOUR, 42 * HOUR, 30 * HOUR));
    expect(watermark([missed], limits)).toBe(NOW - 30 * HOUR - 3 * MINUTE);
  });

  it('does not wait for a history that an earlier process loaded once rows of today were heard', () => {
    const month = often(source(3 * HOUR, 2 * HOUR, 30 * 24 * HOUR));
    expect(watermark([month], limits)).toBe(NOW - 3 * HOUR - MINUTE);
    const today = source(150 * MINUTE, 30 * MINUTE, 2 * HOUR);
    expect(watermark([month, today], limits)).toBe(NOW - 3 * MINUTE);
    const daily = often(source(3 * HOUR, 2 * HOUR, 20 * HOUR));
    expect(watermark([daily, source(150 * MINUTE, 30 * MINUTE, 6 * HOUR)], limits)).toBe(
      NOW - 150 * MINUTE - MINUTE,
    );
  });

  it('does not wait for the delay of a source that is long over', () => {
    expect(watermark([source(3 * MINUTE, 3 * MINUTE), source(40 * HOUR, 9 * HOUR, 900 * HOUR)], limits)).toBe(
      NOW - 3 * MINUTE,
    );
  });
});

it('windows are aligned to the epoch', () => {
  expect(windowStart(NOW + 59 * MINUTE, HOUR)).toBe(NOW);
});

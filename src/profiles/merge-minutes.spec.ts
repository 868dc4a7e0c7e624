import { describe, expect, it } from 'vitest';
import { bounds, inOneWindow } from './merge-minutes.js';

describe('a stretch as one window', () => {
  it.each([
    ['no time at all', 0],
    ['a part of a second', 568],
    ['a month that ends at some millisecond', 30 * 86_400_000 + 219],
  ])('has a width in whole seconds and all of the stretch within it: %s', (_, length) => {
    const from = new Date('2026-11-03T00:00:00.700Z');
    const span = bounds(inOneWindow({ version: '1', from, to: new Date(from.getTime() + length) }));
    expect(Number.isInteger(span.width)).toBe(true);
    expect(span.origin + span.width).toBeGreaterThan((from.getTime() + length) / 1000);
  });
});

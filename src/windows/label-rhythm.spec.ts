import { describe, expect, it } from 'vitest';
import { rhythmOf, enoughLabels, haveCome } from './label-rhythm.js';

const HOUR = 3_600_000;
const AGES = { ripeMs: 2 * HOUR, lateMs: 3 * HOUR };
const windows = (...labelled: number[]) => labelled.map((one) => ({ predictions: 100, labelled: one }));

describe('how labels come', () => {
  it('is known from ten windows with labels, and how long these took', () => {
    const taught = windows(90, 91, 88, 90, 92, 89, 90, 90, 87, 0, 93);
    expect(rhythmOf(taught, AGES)).toEqual({ share: 0.9, least: 0.87, ...AGES });
    expect(rhythmOf(taught, null)).toBeNull();
    expect(rhythmOf(taught.slice(2), AGES)).toBeNull();
    expect(rhythmOf(windows(...Array.from({ length: 40 }, () => 2)), AGES)).toBeNull();
  });

  it('does not take half of the labels of a window for all, be it one that happens to get many', () => {
    const sparse = { share: 0.05, least: 0.01, ripeMs: 24 * HOUR, lateMs: 30 * HOUR };
    expect(enoughLabels(100, sparse)).toBeGreaterThan(8);
    expect(haveCome({ predictions: 100, labelled: 5 }, HOUR, sparse)).toBe(false);
    expect(haveCome({ predictions: 100, labelled: 5 }, 24 * HOUR, sparse)).toBe(true);
    expect(haveCome({ predictions: 1_000_000, labelled: 46_000 }, HOUR, sparse)).toBe(true);
  });

  it('is nine in ten of all where nothing else is known, at any age', () => {
    expect(enoughLabels(60, null)).toBeCloseTo(54, 10);
    expect(haveCome({ predictions: 60, labelled: 53 }, 1000 * HOUR, null)).toBe(false);
    expect(haveCome({ predictions: 60, labelled: 54 }, 0, null)).toBe(true);
    expect(haveCome({ predictions: 0, labelled: 0 }, 0, null)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { lcg } from '../stats/lcg.js';
import { shapeComponent } from '../stats/shape-component.js';
import { slotOn } from './calendar-slot.js';
import { referenceBins, slotExpectation } from './expected-bins.js';

/** Twenty categories by night in thirty rows an hour, and by day in two hundred. */
const SHARES = Array.from({ length: 20 }, () => 1 / 20);
const NIGHT = slotOn(0, 2);
const NOON = slotOn(0, 12);
const rows = (n: number) => SHARES.map((share) => share * n);
const bins = referenceBins(
  rows(20 * 230),
  Array.from({ length: 20 }, () => [
    { slot: NIGHT, counts: rows(30) },
    { slot: NOON, counts: rows(200) },
  ]).flat(),
  3000,
);

describe('a window with more rows than the reference had at its hour', () => {
  it('is judged as one of as many rows as are usual there, not at noon', () => {
    expect(slotExpectation(bins, NIGHT).mostRows).toBe(30);
    expect(slotExpectation(bins, NOON).mostRows).toBe(200);
    expect(slotExpectation(bins, slotOn(6, 12)).mostRows).toBe(200);
  });

  it('has the same shape on average, whatever its rows', () => {
    const random = lcg(3);
    const mean = (n: number) => {
      let sum = 0;
      for (let i = 0; i < 3000; i += 1) {
        const counts = SHARES.map(() => 0);
        for (let r = 0; r < n; r += 1) {
          const category = Math.floor(SHARES.length * random());
          counts[category] = (counts[category] ?? 0) + 1;
        }
        sum += shapeComponent(counts, SHARES, { rows: Infinity, sameForm: 0, mostRows: 40 })?.y ?? 0;
      }
      return sum / 3000;
    };
    const usual = mean(40);
    for (const times of [2, 4]) expect(Math.abs(mean(40 * times) - usual)).toBeLessThan(0.006);
  });
});

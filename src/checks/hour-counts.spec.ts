import { describe, expect, it } from 'vitest';
import { countByHour, countsOfHours, typicalCounts } from './hour-counts.js';

const windows = [
  { hour: 2, counts: [1, 2, 3] },
  { hour: 2, counts: [4, 4, 4] },
  { hour: 26, counts: [10, 0, 1] },
];

describe('counts by hour of the week', () => {
  it('add up the windows of an hour, and hours together', () => {
    const table = countByHour(windows);
    expect(countsOfHours(table, [2])).toEqual([5, 6, 7]);
    expect(countsOfHours(table, [2, 26, 50])).toEqual([15, 6, 8]);
    expect(typicalCounts(table, 2)).toEqual([2.5, 3, 3.5]);
  });

  it('have nothing of an hour that was never seen', () => {
    const table = countByHour(windows);
    expect(countsOfHours(table, [3, 167])).toEqual([]);
    expect(typicalCounts(table, 3)).toEqual([]);
    expect(countsOfHours(countByHour([]), [0])).toEqual([]);
  });

  it.each([
    ['two bytes', 65_535, Uint16Array],
    ['four', 65_536, Uint32Array],
    ['eight', 2 ** 32, Float64Array],
    ['eight where they are not whole', 1.5, Float64Array],
    ['eight where they are below nothing', -1, Float64Array],
  ])('take %s a number where that holds it, and are what they were', (_, count, kind) => {
    const table = countByHour([{ hour: 0, counts: [count, 0] }]);
    expect(table.sums).toBeInstanceOf(kind);
    expect(countsOfHours(table, [0])).toEqual([count, 0]);
  });
});

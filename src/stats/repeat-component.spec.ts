import { describe, expect, it } from 'vitest';
import { lcg } from './lcg.js';
import { repeatComponent } from './repeat-component.js';

const BITS = 32;

/** How often each bit is set over contents that stand there so many times each. */
function onesOf(times: readonly number[], seed: number): readonly number[] {
  const random = lcg(seed);
  const ones = Array.from({ length: BITS }, () => 0);
  for (const count of times)
    for (let bit = 0; bit < BITS; bit += 1) if (random() < 0.5) ones[bit] = (ones[bit] ?? 0) + count;
  return ones;
}

function scores(times: readonly number[]) {
  const rows = times.reduce((sum, count) => sum + count, 0);
  return Array.from({ length: 300 }, (_, seed) => repeatComponent(rows, onesOf(times, 17 * seed + 3)));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('rows that repeat each other', () => {
  it('are told from the bits of their hashes as the second moment of the contents', () => {
    expect(repeatComponent(4, [4, 0, 4, 0])).toMatchObject({ ratio: 4, copies: 1 });
    expect(repeatComponent(4, [2, 2, 3, 1])).toMatchObject({ ratio: 0.5, copies: 0 });
    expect(repeatComponent(0, [0, 0])).toBeNull();
  });

  it.each([
    [50, 0],
    [200, 0],
    [200, 60],
    [200, 200],
  ])('of %d contents, %d stand there twice: the share of copies is right on average', (contents, twice) => {
    const times = Array.from({ length: contents }, (_, i) => (i < twice ? 2 : 1));
    const ratios = scores(times).map((found) => found?.ratio ?? NaN);
    expect((mean(ratios) - 1) / 2).toBeCloseTo(twice / (contents + twice), 1);
  });

  it('score as the variance says where all differ', () => {
    const found = scores(Array.from({ length: 100 }, () => 1)).flatMap((one) => one ?? []);
    const values = found.map(({ y }) => y);
    const centre = mean(values);
    const spread = mean(values.map((y) => (y - centre) ** 2));
    expect(centre).toBeCloseTo(1 - 2 / (9 * BITS), 1);
    expect(spread / (found[0]?.v ?? NaN)).toBeGreaterThan(0.75);
    expect(spread / (found[0]?.v ?? NaN)).toBeLessThan(1.3);
  });
});

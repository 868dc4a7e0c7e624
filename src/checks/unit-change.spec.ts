import { expect, it } from 'vitest';
import { lcg } from '../stats/lcg.js';
import { normalQuantile } from '../stats/normal.js';
import { numericProfile } from '../../test/support/synthetic-model.js';
import { centredMoments } from './moments.js';
import { type BinnedSample, unitChange } from './unit-change.js';

const random = lcg(5);
const LEVELS = [0.005, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98, 0.995];
const normal = () => normalQuantile(Math.max(1e-9, random()));
/** Miles of flights: positive and skewed. */
const miles = Array.from({ length: 5000 }, () => Math.exp(6.3 + 0.7 * normal()));
const celsius = Array.from({ length: 5000 }, () => 15 + 8 * normal());

function sample(values: readonly number[], edges: readonly number[]): BinnedSample {
  const profile = numericProfile(values, edges);
  const { n, bins, min, max } = profile;
  return { n, bins, min, max, ...centredMoments(profile)! };
}

function found(
  reference: readonly number[],
  change: (x: number) => number,
  is: { readonly integer?: boolean; readonly hasUnit?: boolean } = {},
) {
  const sorted = reference.toSorted((a, b) => a - b);
  const edges = [...new Set(LEVELS.map((level) => sorted[Math.floor(level * sorted.length)]!))];
  const now = reference.filter((_, i) => i % 10 === 0).map(change);
  return unitChange(sample(reference, edges), sample(now, edges), { edges, integer: false, ...is });
}

it.each([
  ['miles → kilometres', 1.609344],
  ['thousands → units, or seconds → milliseconds', 1000],
  ['a factor of a tenth, or square feet → square metres', 0.1],
])('names %s', (meaning, factor) => {
  expect(found(miles, (x) => factor * x)?.units).toBe(meaning);
});

it('names Celsius → Fahrenheit, where the mean is moved and stretched, and Celsius → Kelvin, where it is moved', () => {
  expect(found(celsius, (x) => 1.8 * x + 32)?.change).toBe('× 1.8 + 32');
  expect(found(celsius, (x) => x + 273.15)?.units).toBe('Celsius → Kelvin');
});

it('tells a factor that is no conversion as a factor', () => {
  expect(found(miles, (x) => 2.85 * x)).toMatchObject({
    change: expect.stringMatching(/^× 2\.[789]/),
    units: null,
  });
  expect(found(miles, (x) => 1.9 * x)?.units).toBeNull();
});

it('names no unit of what has none, such as a probability', () => {
  const scores = Array.from({ length: 5000 }, () => 1 / (1 + Math.exp(1.9 - normal())));
  expect(found(scores, (x) => 1.609344 * x)?.units).toBe('miles → kilometres');
  expect(found(scores, (x) => 1.609344 * x, { hasUnit: false })).toMatchObject({
    change: expect.stringMatching(/^× 1\.[56]/),
    units: null,
  });
});

it('does not call a surcharge, a shift, a wider spread or nothing at all a change of unit', () => {
  const fares = miles.map((x) => x / 100);
  expect(found(fares, (x) => x + 8)).toBeNull();
  expect(found(miles, (x) => x + 400)).toBeNull();
  expect(found(celsius, (x) => 15 + 1.6 * (x - 15))).toBeNull();
  expect(found(miles, (x) => x)).toBeNull();
});

it.each([
  ['a fraction → percent, or units → cents', 100],
  ['square metres → square feet', 10.7639104],
])('names %s in fifty rows of a skewed feature, in nearly every window', (meaning, factor) => {
  const amounts = () => Array.from({ length: 50 }, () => Math.exp(4 + 1.1 * normal()));
  const reference = Array.from({ length: 5000 }, () => Math.exp(4 + 1.1 * normal()));
  const sorted = reference.toSorted((a, b) => a - b);
  const edges = LEVELS.map((level) => sorted[Math.floor(level * sorted.length)]!);
  const said = (times: number) =>
    Array.from({ length: 40 }, () => {
      const now = sample(
        amounts().map((x) => times * x),
        edges,
      );
      return unitChange(sample(reference, edges), now, { edges, integer: false });
    });
  const found = said(factor);
  expect(found.filter((one) => one !== null).length).toBeGreaterThanOrEqual(35);
  expect(found.filter((one) => one?.units?.includes(meaning)).length).toBeGreaterThanOrEqual(20);
  expect(said(1).filter((one) => one?.units?.includes(meaning))).toEqual([]);
});

it.each([30, 60, 200])(
  'says no factor of an addition in windows of %d rows, whose spread differs by chance',
  (rows) => {
    const amounts = (n: number) => Array.from({ length: n }, () => 30 + 9 * normal());
    const reference = amounts(5000);
    const sorted = reference.toSorted((a, b) => a - b);
    const edges = LEVELS.map((level) => sorted[Math.floor(level * sorted.length)]!);
    const found = Array.from({ length: 200 }, () => {
      const now = sample(
        amounts(rows).map((x) => x + 10),
        edges,
      );
      return unitChange(sample(reference, edges), now, { edges, integer: false });
    });
    expect(found.filter((one) => one !== null).length).toBeLessThanOrEqual(2);
  },
);

it('sees no factor in counts of a few, nor where the histogram is another', () => {
  const pixels = Array.from({ length: 5000 }, () => Math.floor(8 * random() ** 4));
  expect(found(pixels, (x) => Math.round(1.6 * x), { integer: true })).toBeNull();
  // The mean and the spread of other units, in two clumps.
  const { mean, sd } = sample(miles, [500]);
  let i = 0;
  expect(found(miles, () => 1.609344 * (mean + ((i += 1) % 2 === 0 ? sd : -sd)))).toBeNull();
});

import { expect, it } from 'vitest';
import { type BinExpectation, featureComponents, normalScores } from './feature-components.js';
import { lcg } from './lcg.js';

const reference = [50, 150, 800, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 800, 150, 50];
const window = [1, 4, 30, 44, 48, 47, 50, 52, 55, 57, 58, 45, 7, 2];

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((a, b) => a + b + 0.5, 0);
  return counts.map((count) => (count + 0.5) / sum);
}

/** Shares that are known exactly, at any level. */
function exactly(shares: readonly number[]): BinExpectation {
  return {
    shares,
    scores: normalScores(shares),
    rows: Infinity,
    sameForm: 0,
    mostRows: Infinity,
    levelShape: null,
  };
}

it('finds location, scale, tail and shape of the worked example', () => {
  const expected = shares(reference);
  const parts = featureComponents(window, exactly(expected));
  expect(parts.location?.y).toBeCloseTo(0.11612422732388686, 12);
  expect(parts.scale?.y).toBeCloseTo(-0.07656383514858145, 9);
  expect(parts.tail?.y).toBeCloseTo(-0.06994154405397085, 9);
  expect(parts.shape?.y).toBeCloseTo(0.33247164414391195, 9);
});

it('is blind to nothing but what it says: a window like its reference has no effect', () => {
  const expected = shares(reference);
  const parts = featureComponents(reference, exactly(expected));
  expect(parts.location?.y).toBeCloseTo(0, 3);
  expect(parts.scale?.y).toBeCloseTo(0, 2);
  expect(parts.shape?.y).toBeLessThan(0.2);
});

it('says nothing about components the bins cannot carry', () => {
  const expected = [0.5, 0.5];
  expect(featureComponents([10, 30], exactly(expected))).toMatchObject({
    scale: null,
    tail: null,
    shape: null,
  });
  expect(featureComponents([0, 0], exactly(expected)).location).toBeNull();
});

it('takes shares known from few rows for what they are', () => {
  const random = lcg(3);
  const drawn = (rows: number) => {
    const counts = reference.map(() => 0);
    for (let i = 0; i < rows; i += 1) {
      let left = random() * 10_000;
      const bin = reference.findIndex((count) => (left -= count) < 0);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  let [plain, fair] = [0, 0];
  for (let i = 0; i < 20; i += 1) {
    const known = shares(drawn(2000));
    const window = drawn(20_000);
    plain += featureComponents(window, exactly(known)).shape?.y ?? NaN;
    fair += featureComponents(window, { ...exactly(known), rows: 2000 }).shape?.y ?? NaN;
  }
  expect(plain / 20).toBeGreaterThan(2);
  expect(fair / 20).toBeGreaterThan(0.85);
  expect(fair / 20).toBeLessThan(1.1);
});

import { expect, it } from 'vitest';
import { featureComponents, normalScores } from './feature-components.js';

const reference = [50, 150, 800, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 800, 150, 50];
const window = [1, 4, 30, 44, 48, 47, 50, 52, 55, 57, 58, 45, 7, 2];

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((a, b) => a + b + 0.5, 0);
  return counts.map((count) => (count + 0.5) / sum);
}

it('finds location, scale, tail and shape of the worked example', () => {
  const expected = shares(reference);
  const parts = featureComponents(window, expected, normalScores(expected));
  expect(parts.location?.y).toBeCloseTo(0.11612422732388686, 12);
  expect(parts.scale?.y).toBeCloseTo(-0.07656383514858145, 9);
  expect(parts.tail?.y).toBeCloseTo(-0.06994154405397085, 9);
  expect(parts.shape?.y).toBeCloseTo(0.33247164414391195, 9);
});

it('is blind to nothing but what it says: a window like its reference has no effect', () => {
  const expected = shares(reference);
  const parts = featureComponents(reference, expected, normalScores(expected));
  expect(parts.location?.y).toBeCloseTo(0, 3);
  expect(parts.scale?.y).toBeCloseTo(0, 2);
  expect(parts.shape?.y).toBeLessThan(0.2);
});

it('says nothing about components the bins cannot carry', () => {
  const expected = [0.5, 0.5];
  expect(featureComponents([10, 30], expected, normalScores(expected))).toMatchObject({
    scale: null,
    tail: null,
    shape: null,
  });
  expect(featureComponents([0, 0], expected, normalScores(expected)).location).toBeNull();
});

import { expect, it } from 'vitest';
import { lcg } from './lcg.js';
import { surpriseRuns } from './surprise-runs.js';

const independent = (seed: number) => {
  const random = lcg(seed);
  return Array.from({ length: 720 }, () => random());
};

it('finds no runs in independent p-values, whatever the seed', () => {
  const most = Math.max(...Array.from({ length: 200 }, (_, seed) => surpriseRuns(independent(seed + 1))));
  expect(most).toBeLessThan(5);
});

it('finds spells, though each p-value in them is no surprise', () => {
  const random = lcg(3);
  const spelled = Array.from({ length: 720 }, (_, i) => (i % 40 < 8 ? 0.2 * random() : 0.2 + 0.8 * random()));
  expect(surpriseRuns(spelled)).toBeGreaterThan(5);
});

it('says nothing of a handful of windows', () => {
  expect(surpriseRuns([0.01, 0.01, 0.01])).toBe(0);
});

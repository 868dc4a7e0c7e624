import { describe, expect, it } from 'vitest';
import { aucInterval } from './auc-interval.js';
import { countChances } from './count-chances.js';
import { recoveredInterval } from './recovered-variance.js';
import { newcombeDifference } from './newcombe.js';
import { studentTQuantile } from './student-quantile.js';
import { wilsonInterval } from './wilson.js';

const momentsOf = (chances: ReturnType<typeof countChances>) => {
  const mean = chances.reduce((sum, { count, chance }) => sum + count * chance, 0);
  const variance = chances.reduce((sum, { count, chance }) => sum + (count - mean) ** 2 * chance, 0);
  return { mean, variance, all: chances.reduce((sum, { chance }) => sum + chance, 0) };
};

describe('chances of a number of rows', () => {
  it.each([
    ['binomial', 3, 2.4, 15],
    ['as Poisson', 2, 2, 1000],
    ['wider than Poisson', 2, 3, 1000],
    ['from the other end', 37, 2.5, 40],
    ['of many, in steps', 400, 300, 1000],
  ])('have the mean and the variance: %s', (_what, mean, variance, most) => {
    const found = momentsOf(countChances(mean, variance, most));
    expect(found.all).toBeCloseTo(1, 12);
    expect(found.mean).toBeCloseTo(mean, mean > 100 ? 6 : 2);
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.01);
  });

  it('are those of the binomial law where all rows have one chance', () => {
    const found = countChances(1.5, 0.75, 3).map(({ chance }) => chance);
    [0.125, 0.375, 0.375, 0.125].forEach((chance, i) => expect(found[i]).toBeCloseTo(chance, 12));
  });

  it('are one number where nothing is left to chance, and never beyond all rows', () => {
    expect(countChances(4, 0, 9)).toEqual([{ count: 4, chance: 1 }]);
    expect(countChances(0.2, 0.3, 0)).toEqual([{ count: 0, chance: 1 }]);
    expect(countChances(2, 4, 3).every(({ count }) => count >= 0 && count <= 3)).toBe(true);
  });
});

it('a sum of shares is as lopsided as they are: of two it is Newcombe’s difference', () => {
  const [one, other] = [wilsonInterval(56, 70), wilsonInterval(48, 80)];
  const parts = [{ weight: 1, value: 0.8, ...one }, { weight: -1, value: 0.6, ...other }]; // prettier-ignore
  const { difference: _difference, ...theirs } = newcombeDifference({ successes: 56, trials: 70 }, { successes: 48, trials: 80 }); // prettier-ignore
  const found = recoveredInterval(parts);
  // published: 0.0524 to 0.3339 (Newcombe 1998, table II, method 10)
  expect(found.lower).toBeCloseTo(0.0524, 4);
  expect(found.upper).toBeCloseTo(0.3339, 4);
  expect(found.lower).toBeCloseTo(theirs.lower, 12);
});

it('what excludes one another adds up to less', () => {
  const parts = [{ weight: 1, value: 0.3, lower: 0.2, upper: 0.4 }, { weight: 1, value: 0.3, lower: 0.2, upper: 0.4 }]; // prettier-ignore
  const [apart, against] = [recoveredInterval(parts), recoveredInterval(parts, () => -0.5)];
  expect(against.upper - against.lower).toBeLessThan(apart.upper - apart.lower);
});

it('a ranking of few rows without a fault is not known to have none', () => {
  const few = { auc: 1, variance: 0, positiveSpread: 0, negativeSpread: 0 };
  const found = aucInterval(few, { positives: 4, negatives: 20 });
  expect(found.upper).toBe(1);
  expect(found.lower).toBeGreaterThan(0.5);
  expect(found.lower).toBeLessThan(0.95);
});

it.each([
  [1, 12.706204736432095],
  [4, 2.7764451051977987],
  [30, 2.0422724563012373],
])('Student’s t of %i degrees of freedom as tables have it', (df, t) => {
  expect(studentTQuantile(0.025, df)).toBeCloseTo(t, 6);
});

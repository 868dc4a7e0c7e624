import { expect, it } from 'vitest';
import { confidenceRadius, rowsUntilSure, sequentialCertainty } from './confidence-sequence.js';
import { lcg } from './lcg.js';

it('is the published formula', () => {
  // ρ² = (2 ln 20 + ln(2 ln 20 + 1)) / 1000 = 0.0079370…; √(2 · (8.937 / 7937) · ln(√8.937 / 0.05))
  expect(confidenceRadius({ n: 1000, variance: 1 })).toBeCloseTo(0.096, 3);
  expect(confidenceRadius({ n: 0, variance: 1 })).toBe(Infinity);
});

it('certainty and rows are the same boundary read in other ways', () => {
  const needed = rowsUntilSure({ mean: 0.1, variance: 1 }) ?? 0;
  expect(confidenceRadius({ n: needed, variance: 1 })).toBeLessThan(0.1);
  expect(confidenceRadius({ n: needed - 1, variance: 1 })).toBeGreaterThanOrEqual(0.1);
  expect(sequentialCertainty({ n: needed, mean: 0.1, variance: 1 })).toBeCloseTo(0.95, 3);
  expect(rowsUntilSure({ mean: 0, variance: 1 })).toBeNull();
  expect(sequentialCertainty({ n: 10, mean: 0, variance: 0 })).toBe(0);
});

it('whoever looks after every hundred rows is misled in fewer than one of twenty, where a usual interval misleads far more', () => {
  const random = lcg(3);
  let [sequence, usual] = [0, 0];
  for (let stream = 0; stream < 200; stream += 1) {
    let [sum, squares, misled, misledUsually] = [0, 0, false, false];
    for (let n = 1; n <= 5000; n += 1) {
      const x = random() - random();
      [sum, squares] = [sum + x, squares + x * x];
      if (n % 100 !== 0 || n < 200) continue;
      const variance = squares / n - (sum / n) ** 2;
      misled ||= Math.abs(sum / n) > confidenceRadius({ n, variance });
      misledUsually ||= Math.abs(sum / n) > 1.96 * Math.sqrt(variance / n);
    }
    sequence += Number(misled);
    usual += Number(misledUsually);
  }
  expect(sequence).toBeLessThanOrEqual(10);
  expect(usual).toBeGreaterThan(40);
});

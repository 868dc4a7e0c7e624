import { expect, it } from 'vitest';
import { averagePrecision } from './average-precision.js';

it('of scores in bins is that of the scores themselves', () => {
  const [positives, negatives] = [Array.from({ length: 256 }, () => 0), Array.from({ length: 256 }, () => 0)];
  for (let i = 1; i < 20_000; i += 1) {
    const [score, chance] = [(i * 0.6180339887498949) % 1, (i * 0.7548776662466927) % 1];
    const counts = chance < score ? positives : negatives;
    const bin = Math.floor(Math.log(score / (1 - score)) * 8 + 128);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  // sklearn.metrics.average_precision_score: 0.83354 of the scores; 0.82825 where a bin were a tie
  expect(averagePrecision(positives, negatives).value).toBeCloseTo(0.83354, 3);
});

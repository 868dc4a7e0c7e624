import { cbpe } from './statistics/cbpe.js';
import { chiSquaredTest } from '../../src/stats/chi-squared-test.js';
import { hellingerDistance } from './statistics/hellinger.js';
import { jensenShannonDistance } from '../../src/stats/jensen-shannon.js';
import { kolmogorovSmirnov } from './statistics/kolmogorov-smirnov.js';
import { largestDifference } from './statistics/total-variation.js';
import { wassersteinDistance } from './statistics/wasserstein.js';
import { compareWith } from './compare.js';
import { Seeded, times } from './seeded.js';

const seeded = new Seeded(20_240_607);
const samples = seeded.samples();
const histograms = seeded.histograms();
const probabilities = times(8, (i) => times(100 + 50 * i, () => seeded.uniform(0.01, 0.99)));
const estimate = (c: readonly number[], predicted: readonly number[]) =>
  cbpe(c.map((probability, i) => ({ probability, positive: predicted[i] === 1 })));

type Histograms = (reference: readonly number[], current: readonly number[]) => number;
const of = (ours: Histograms) => ({ ours, relative: 1e-8, rows: histograms });

compareWith('NannyML', 'nannyml.py', {
  kolmogorovSmirnov: {
    ours: (a: number[], b: number[]) => kolmogorovSmirnov(a, b).statistic,
    relative: 1e-9,
    rows: samples,
  },
  wassersteinDistance: { ours: wassersteinDistance, relative: 1e-9, rows: samples },
  jensenShannonDistance: of((a, b) => jensenShannonDistance(a, b)),
  hellingerDistance: of(hellingerDistance),
  largestDifference: of(largestDifference),
  chiSquaredTest: of((a, b) => chiSquaredTest(a, b).statistic),
  cbpe: {
    ours: (c: number[], predicted: number[]) => {
      const { accuracy, precision, recall, specificity, f1 } = estimate(c, predicted);
      return [accuracy, precision, recall, specificity, f1];
    },
    relative: 1e-9,
    rows: probabilities.map((c) => [c, c.map((p) => (p >= 0.4 ? 1 : 0))]),
  },
  // It rounds the counts under its curve to five decimals.
  cbpeAuc: {
    ours: (c: number[]) =>
      estimate(
        c,
        c.map(() => 1),
      ).auc,
    relative: 1e-6,
    rows: probabilities.map((c) => [c]),
  },
});

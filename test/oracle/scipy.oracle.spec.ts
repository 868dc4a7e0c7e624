import { andersonDarling } from './statistics/anderson-darling.js';
import { betaQuantile } from '../../src/stats/beta.js';
import { scaledBesselK } from './statistics/bessel-k.js';
import { binomialMass } from '../../src/stats/binomial-mass.js';
import { binomialSurvival } from './statistics/binomial.js';
import { chiSquaredQuantile, chiSquaredSurvival } from '../../src/stats/chi-squared.js';
import { chiSquaredTest, cramersV, gTest } from '../../src/stats/chi-squared-test.js';
import { cramerVonMises } from './statistics/cramer-von-mises.js';
import { energyDistance } from './statistics/energy-distance.js';
import { erf, erfc } from '../../src/stats/error-function.js';
import { betaRatio } from '../../src/stats/incomplete-beta.js';
import { lowerGammaRatio, upperGammaRatio } from '../../src/stats/incomplete-gamma.js';
import { jensenShannonDistance } from '../../src/stats/jensen-shannon.js';
import { kolmogorovSmirnov } from './statistics/kolmogorov-smirnov.js';
import { kolmogorovSurvival } from './statistics/kolmogorov.js';
import { kullbackLeibler } from './statistics/kullback-leibler.js';
import { logGamma } from '../../src/stats/log-gamma.js';
import { mannWhitney } from './statistics/mann-whitney.js';
import { millsRatio } from '../../src/stats/mills-ratio.js';
import { noncentralChiSquaredSurvival } from './statistics/noncentral-chi-squared.js';
import { normalQuantile, normalSurvival } from '../../src/stats/normal.js';
import { poissonMass } from '../../src/stats/poisson-mass.js';
import { studentTSurvival } from '../../src/stats/student-t.js';
import { symmetricEigen } from '../../src/stats/symmetric-eigen.js';
import { totalVariation } from './statistics/total-variation.js';
import { wassersteinDistance } from './statistics/wasserstein.js';
import { welch } from './statistics/welch.js';
import { type Comparison, compareWith } from './compare.js';
import { Seeded, times } from './seeded.js';

const seeded = new Seeded(20_240_601);
const uniform = seeded.uniform.bind(seeded);
const whole = seeded.whole.bind(seeded);
const tied = (size: number, shift: number) => seeded.sample(size, shift).map((x) => Math.round(2 * x));

const histograms = seeded.histograms();
const samples = [
  ...times(8, (i) => [seeded.sample(40 + 20 * i, 0), seeded.sample(30 + 15 * i, 0.1 * i)]),
  ...times(4, (i) => [tied(120, 0), tied(90, 0.2 * i)]),
];

/** A positive definite matrix with different eigenvalues. */
function correlations(size: number): number[][] {
  const rows = times(size, () => times(3 * size, () => uniform(-1, 1)));
  return rows.map((a) => rows.map((b) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / a.length));
}

const comparisons: Record<string, Comparison> = {
  logGamma: { ours: logGamma, relative: 1e-12, rows: times(40, () => [10 ** uniform(-3, 6)]) },
  lowerGammaRatio: {
    ours: lowerGammaRatio,
    relative: 1e-9,
    rows: times(40, () => [uniform(0.1, 200), uniform(0, 250)]),
  },
  upperGammaRatio: {
    ours: upperGammaRatio,
    relative: 1e-9,
    rows: times(40, () => [uniform(0.2, 200), uniform(0, 250)]),
  },
  betaRatio: {
    ours: betaRatio,
    relative: 1e-9,
    rows: times(40, () => [uniform(0, 1), uniform(0.3, 90), uniform(0.3, 90)]),
  },
  betaQuantile: {
    ours: betaQuantile,
    relative: 1e-9,
    rows: times(30, () => [uniform(0.001, 0.999), uniform(0.5, 90), uniform(0.5, 90)]),
  },
  erf: { ours: erf, relative: 1e-14, rows: times(40, () => [uniform(-5, 5)]) },
  erfc: { ours: erfc, relative: 1e-13, rows: times(40, () => [uniform(-5, 25)]) },
  // SciPy squares x in one double, which costs it two digits at 30; ours are held to 3e-15 by mpmath elsewhere.
  normalSurvival: { ours: normalSurvival, relative: 1e-12, rows: times(40, () => [uniform(-8, 37)]) },
  normalQuantile: {
    ours: normalQuantile,
    relative: 1e-13,
    rows: times(40, () => [10 ** uniform(-100, -0.01)]),
  },
  studentTSurvival: {
    ours: studentTSurvival,
    relative: 1e-9,
    rows: times(40, () => [uniform(-5, 30), uniform(1, 80)]),
  },
  chiSquaredSurvival: {
    ours: chiSquaredSurvival,
    relative: 1e-9,
    rows: times(40, () => [uniform(0, 300), uniform(0.5, 100)]),
  },
  chiSquaredQuantile: {
    ours: chiSquaredQuantile,
    relative: 1e-9,
    rows: times(40, () => [uniform(0.0001, 0.9999), uniform(0.5, 100)]),
  },
  // SciPy's noncentral survival loses digits in its far tail, so the arguments stay where it is sound.
  noncentralChiSquaredSurvival: {
    ours: noncentralChiSquaredSurvival,
    relative: 1e-8,
    rows: times(30, () => [uniform(1, 60), uniform(1, 20), uniform(0.1, 40)]),
  },
  kolmogorovSurvival: { ours: kolmogorovSurvival, relative: 1e-12, rows: times(30, () => [uniform(0.2, 4)]) },
  binomialSurvival: {
    ours: binomialSurvival,
    relative: 1e-9,
    rows: times(40, () => [whole(1, 60), whole(60, 900), uniform(0.001, 0.2)]),
  },
  binomialMass: {
    ours: (k: number, n: number, p: number) => binomialMass(k, n, p),
    relative: 1e-11,
    rows: times(40, () => [whole(0, 60), whole(60, 900), uniform(0.001, 0.2)]),
  },
  poissonMass: {
    ours: poissonMass,
    relative: 1e-11,
    rows: times(40, () => [whole(0, 200), uniform(0.1, 200)]),
  },
  scaledBesselK: {
    ours: scaledBesselK,
    relative: 1e-10,
    rows: times(40, () => [uniform(0, 6), 10 ** uniform(-2, 2)]),
  },
  // Tails begin at one half; nearer to the middle, where nobody asks it, the approximation is out of its interval.
  millsRatio: {
    ours: millsRatio,
    relative: 1e-13,
    rows: times(40, () => [uniform(0.5, 1) * 10 ** uniform(0, 2)]),
  },
  cramersV: {
    ours: (a: number[], b: number[]) => cramersV(a, b),
    relative: 1e-9,
    rows: histograms,
  },
  totalVariation: {
    ours: (a: number[], b: number[]) => totalVariation(a, b),
    relative: 1e-9,
    rows: histograms,
  },
  eigenvalues: {
    ours: (...matrix: number[][]) => symmetricEigen(matrix).values,
    relative: 1e-9,
    rows: times(6, (i) => correlations(3 + i)),
  },
  jensenShannonDistance: {
    ours: (a: number[], b: number[]) => jensenShannonDistance(a, b),
    relative: 1e-9,
    rows: histograms,
  },
  kullbackLeibler: {
    ours: (a: number[], b: number[]) => kullbackLeibler(a, b),
    relative: 1e-9,
    rows: histograms,
  },
  chiSquaredTest: {
    ours: (a: number[], b: number[]) => chiSquaredTest(a, b).statistic,
    relative: 1e-9,
    rows: histograms,
  },
  chiSquaredTestP: {
    ours: (a: number[], b: number[]) => chiSquaredTest(a, b).p,
    relative: 1e-9,
    rows: histograms,
  },
  gTest: { ours: (a: number[], b: number[]) => gTest(a, b).statistic, relative: 1e-9, rows: histograms },
  kolmogorovSmirnov: {
    ours: (a: number[], b: number[]) => kolmogorovSmirnov(a, b).statistic,
    relative: 1e-12,
    rows: samples,
  },
  kolmogorovSmirnovP: {
    ours: (a: number[], b: number[]) => kolmogorovSmirnov(a, b).p,
    relative: 1e-8,
    rows: samples,
  },
  wassersteinDistance: { ours: wassersteinDistance, relative: 1e-9, rows: samples },
  energyDistance: { ours: energyDistance, relative: 1e-9, rows: samples },
  cramerVonMises: {
    ours: (a: number[], b: number[]) => cramerVonMises(a, b).statistic,
    relative: 1e-8,
    rows: samples,
  },
  andersonDarling: {
    ours: (a: number[], b: number[]) => andersonDarling(a, b).statistic,
    relative: 1e-8,
    rows: samples,
  },
  mannWhitneyP: { ours: (a: number[], b: number[]) => mannWhitney(a, b).p, relative: 1e-9, rows: samples },
  welchP: { ours: (a: number[], b: number[]) => welch(a, b).p, relative: 1e-9, rows: samples },
};

compareWith('SciPy', 'scipy.py', comparisons);

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { andersonDarling } from '../../src/stats/anderson-darling.js';
import { betaQuantile } from '../../src/stats/beta.js';
import { binomialSurvival } from '../../src/stats/binomial.js';
import { chiSquaredQuantile, chiSquaredSurvival } from '../../src/stats/chi-squared.js';
import { chiSquaredTest, gTest } from '../../src/stats/chi-squared-test.js';
import { cramerVonMises } from '../../src/stats/cramer-von-mises.js';
import { energyDistance } from '../../src/stats/energy-distance.js';
import { erf, erfc } from '../../src/stats/error-function.js';
import { betaRatio } from '../../src/stats/incomplete-beta.js';
import { lowerGammaRatio, upperGammaRatio } from '../../src/stats/incomplete-gamma.js';
import { jensenShannonDistance } from '../../src/stats/jensen-shannon.js';
import { kolmogorovSmirnov } from '../../src/stats/kolmogorov-smirnov.js';
import { kolmogorovSurvival } from '../../src/stats/kolmogorov.js';
import { kullbackLeibler } from '../../src/stats/kullback-leibler.js';
import { logGamma } from '../../src/stats/log-gamma.js';
import { mannWhitney } from '../../src/stats/mann-whitney.js';
import { noncentralChiSquaredSurvival } from '../../src/stats/noncentral-chi-squared.js';
import { normalQuantile, normalSurvival } from '../../src/stats/normal.js';
import { studentTSurvival } from '../../src/stats/student-t.js';
import { wassersteinDistance } from '../../src/stats/wasserstein.js';
import { welch } from '../../src/stats/welch.js';
import { askPython } from './python.js';

type Argument = number | readonly number[];
type Row = readonly Argument[];
interface Comparison {
  readonly ours: (...row: never[]) => number;
  readonly relative: number;
  readonly rows: readonly Row[];
}

let state = 20_240_601;
/** A seeded uniform in (from, to): fresh arguments without a fresh failure every night. */
function uniform(from: number, to: number): number {
  state = (1664525 * state + 1013904223) % 2 ** 32;
  return from + (to - from) * (state / 2 ** 32);
}
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const whole = (from: number, to: number): number => Math.floor(uniform(from, to));
const counts = (bins: number): number[] => times(bins, () => whole(1, 400));
const sample = (size: number, shift: number): number[] =>
  times(size, () => normalQuantile(uniform(1e-9, 1 - 1e-9)) * uniform(0.9, 1.1) + shift);
const tied = (size: number, shift: number): number[] => sample(size, shift).map((x) => Math.round(2 * x));

const histograms = times(12, (i) => [counts(3 + i), counts(3 + i)]);
const samples = [
  ...times(8, (i) => [sample(40 + 20 * i, 0), sample(30 + 15 * i, 0.1 * i)]),
  ...times(4, (i) => [tied(120, 0), tied(90, 0.2 * i)]),
];

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

const program = readFileSync(new URL('scipy.py', import.meta.url), 'utf8');
const asked = Object.fromEntries(Object.entries(comparisons).map(([name, { rows }]) => [name, rows]));
const answer = askPython<Record<string, readonly number[]>>(program, asked);
if ('missing' in answer) console.log(`SciPy is not compared: ${answer.missing}`);

describe('every statistic SciPy also has, on seeded arguments', () => {
  for (const [name, { ours, relative, rows }] of Object.entries(comparisons)) {
    it(`${name}: ${rows.length} arguments within ${relative}`, (context) => {
      if ('missing' in answer) return context.skip(`not compared: ${answer.missing}`);
      const theirs = answer.value[name] ?? [];
      expect(theirs.length).toBe(rows.length);
      rows.forEach((row, i) => {
        const actual = ours(...(row as never[]));
        const expected = theirs[i] ?? NaN;
        const error = Math.abs(actual - expected);
        const shown = row.every((argument) => typeof argument === 'number')
          ? `(${row.join(', ')})`
          : ` of pair ${i}`;
        expect(error, `${name}${shown} = ${actual}, SciPy ${expected}`).toBeLessThanOrEqual(
          relative * Math.abs(expected) + 1e-300,
        );
      });
    });
  }
});

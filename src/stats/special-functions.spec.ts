import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binomialMass } from './binomial-mass.js';
import { binomialSurvival } from '../../test/oracle/statistics/binomial.js';
import { chiSquaredQuantile, chiSquaredSurvival } from './chi-squared.js';
import { deviance } from './deviance.js';
import { erf, erfc } from './error-function.js';
import { betaRatio } from './incomplete-beta.js';
import { lowerGammaRatio, upperGammaRatio } from './incomplete-gamma.js';
import { kolmogorovSurvival } from '../../test/oracle/statistics/kolmogorov.js';
import { logGamma } from './log-gamma.js';
import { noncentralChiSquaredSurvival } from '../../test/oracle/statistics/noncentral-chi-squared.js';
import { normalCdf, normalQuantile, normalSurvival } from './normal.js';
import { poissonMass } from './poisson-mass.js';
import { stirlingError } from './stirling-error.js';
import { studentTSurvival } from './student-t.js';

/** Arguments, then the value, computed with mpmath at 40 digits or more. */
type Rows = readonly (readonly number[])[];
const vectors = JSON.parse(
  readFileSync(new URL('../../test/vectors/special-functions.json', import.meta.url), 'utf8'),
) as Record<string, Rows>;

function holds(name: string, f: (...x: number[]) => number, relative: number): void {
  const rows = vectors[name] ?? [];
  it(`${name}: ${rows.length} values of mpmath within ${relative}`, () => {
    expect(rows.length).toBeGreaterThan(4);
    for (const row of rows) {
      const expected = row.at(-1) as number;
      const actual = f(...row.slice(0, -1));
      const error = Math.abs(actual - expected) / Math.abs(expected || 1);
      expect(error, `${name}(${row.slice(0, -1).join(', ')}) = ${actual}, not ${expected}`).toBeLessThan(
        relative,
      );
    }
  });
}

describe('special functions against 40-digit arithmetic', () => {
  holds('log_gamma', logGamma, 2e-14);
  holds('lower_gamma', lowerGammaRatio, 1e-13);
  holds('upper_gamma', upperGammaRatio, 1e-13);
  holds('beta', betaRatio, 1e-13);
  holds('erf', erf, 2e-15);
  holds('erfc', erfc, 3e-15);
  holds('normal_survival', normalSurvival, 3e-15);
  holds('normal_quantile', normalQuantile, 2e-15);
  holds('student_t', studentTSurvival, 2e-14);
  holds('chi_squared', chiSquaredSurvival, 1e-13);
  holds('chi_squared_quantile', chiSquaredQuantile, 1e-13);
  holds('noncentral_chi_squared', noncentralChiSquaredSurvival, 1e-13);
  holds('kolmogorov', kolmogorovSurvival, 1e-14);
  holds('binomial_survival', binomialSurvival, 1e-13);
});

describe('special functions, the values given in the specification', () => {
  const given: readonly (readonly [string, number, number])[] = [
    ['t(5, 5)', studentTSurvival(5, 5), 0.0020523579900266612],
    ['t(10, 30)', studentTSurvival(10, 30), 2.2876257041148048e-11],
    ['t(40, 12)', studentTSurvival(40, 12), 1.9256147903860184e-14],
    ['t(-1.5, 7)', studentTSurvival(-1.5, 7), 0.911350756505015],
    ['chi2(60, 9)', chiSquaredSurvival(60, 9), 1.3406780483959625e-9],
    ['chi2(100, 9)', chiSquaredSurvival(100, 9), 1.5735176303753876e-17],
    ['noncentral chi2(40, 9, 12)', noncentralChiSquaredSurvival(40, 9, 12), 0.021835377203277995],
    ['normal(6)', normalSurvival(6), 9.865876450376946e-10],
    ['normal(8)', normalSurvival(8), 6.22096057427174e-16],
    ['normal quantile(.005)', normalQuantile(0.005), -2.575829303548901],
    ['Kolmogorov(1)', kolmogorovSurvival(1), 0.26999967167735456],
    ['Kolmogorov(1.358)', kolmogorovSurvival(1.358), 0.05002679733444698],
    ['Stirling error(10)', stirlingError(10), 0.008330563433362871],
    ['deviance(10, 9)', deviance(10, 9), 10 * Math.log(10 / 9) - 1],
    ['Poisson(3; 2)', poissonMass(3, 2), (8 / 6) * Math.exp(-2)],
    ['binomial(3; 10, .2)', binomialMass(3, 10, 0.2), 120 * 0.2 ** 3 * 0.8 ** 7],
  ];
  it.each(given)('%s', (_, actual, expected) => {
    expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-12);
  });
});

describe('special functions, properties', () => {
  it('a distribution and its complement add to one', () => {
    for (const x of [0.01, 0.3, 1, 2.5, 7, 40]) {
      expect(normalCdf(x) + normalSurvival(x)).toBeCloseTo(1, 15);
      expect(lowerGammaRatio(2.5, x) + upperGammaRatio(2.5, x)).toBeCloseTo(1, 14);
      expect(erf(x) + erfc(x)).toBeCloseTo(1, 15);
      const u = x / 41;
      expect(betaRatio(u, 2, 5) + betaRatio(1 - u, 5, 2)).toBeCloseTo(1, 14);
    }
  });

  it('the quantile inverts the distribution in both tails', () => {
    for (const p of [1e-200, 1e-20, 1e-5, 0.2, 0.5, 0.8]) {
      expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 11);
    }
    for (const df of [0.7, 1, 4, 60]) {
      for (const p of [0.001, 0.4, 0.9, 0.9999]) {
        expect(1 - chiSquaredSurvival(chiSquaredQuantile(p, df), df)).toBeCloseTo(p, 12);
      }
    }
  });

  it('limits and edges', () => {
    expect(normalSurvival(Infinity)).toBe(0);
    expect(normalSurvival(-Infinity)).toBe(1);
    expect(studentTSurvival(1.3, Infinity)).toBe(normalSurvival(1.3));
    expect(studentTSurvival(0, 5)).toBeCloseTo(0.5, 15);
    expect(noncentralChiSquaredSurvival(10, 4, 0)).toBe(chiSquaredSurvival(10, 4));
    expect(kolmogorovSurvival(0)).toBe(1);
    expect(binomialSurvival(0, 10, 0.5)).toBe(1);
    expect(binomialSurvival(11, 10, 0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(-Infinity);
  });

  it('refuses what has no answer, and says which argument', () => {
    expect(() => logGamma(0)).toThrow(/x > 0/);
    expect(() => betaRatio(1.1, 1, 1)).toThrow(/x in \[0, 1\]/);
    expect(() => upperGammaRatio(-1, 1)).toThrow(/a > 0/);
    expect(() => studentTSurvival(1, 0)).toThrow(/df > 0/);
    expect(() => normalQuantile(1.5)).toThrow(/\[0, 1\]/);
    expect(() => chiSquaredQuantile(1, 3)).toThrow(/\[0, 1\)/);
  });
});

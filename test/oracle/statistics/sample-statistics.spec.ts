import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { standardDeviation } from 'simple-statistics';
import { andersonDarling } from './anderson-darling.js';
import { scaledBesselK } from './bessel-k.js';
import { combinedSample } from './combined-sample.js';
import { cramerVonMises, cramerVonMisesAsymptotic } from './cramer-von-mises.js';
import { energyDistance } from './energy-distance.js';
import { kolmogorovSmirnov, kolmogorovSmirnovAsymptotic } from './kolmogorov-smirnov.js';
import { kolmogorovSurvival } from './kolmogorov.js';
import { kuiper } from './kuiper.js';
import { mannWhitney } from './mann-whitney.js';
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy.js';
import { wassersteinDistance } from './wasserstein.js';
import { welch } from './welch.js';

type Sample = readonly number[];
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
const { numeric_pairs: pairs } = read('arrays') as {
  numeric_pairs: Record<string, readonly [Sample, Sample]>;
};
const { numeric: scipy } = read('scipy') as { numeric: Record<string, Record<string, number | null>> };
const { numeric: evidently } = read('evidently') as {
  numeric: Record<string, { anderson: { value: number }; ed: { value: number } }>;
};

const a: Sample = Object.freeze([0.1, 0.4, 0.7, 1.2, 1.5, 2.2, 2.8, 3.1, 3.3, 4.0]);
const b: Sample = Object.freeze([0.9, 1.1, 1.9, 2.5, 3.0, 3.6, 4.4, 5.2]);

function close(actual: number, expected: number, { relative = 1e-9, absolute = 1e-14 } = {}): void {
  expect(Math.abs(actual - expected), `${actual} is not ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected) + absolute,
  );
}

describe('statistics on two samples, the worked table of the specification', () => {
  const asPoints = (sample: Sample): number[][] => sample.map((x) => [x]);
  const rows: readonly (readonly [string, number, number])[] = [
    ['Kolmogorov–Smirnov D', kolmogorovSmirnov(a, b).statistic, 0.3],
    ['Kolmogorov–Smirnov exact p', kolmogorovSmirnov(a, b).p, 0.7227478403948991],
    ['its limit', kolmogorovSurvival(Math.sqrt(80 / 18) * 0.3), 0.8186211744710059],
    ["Stephens' correction", kolmogorovSmirnovAsymptotic(0.3, 10, 8), 0.7375010200879978],
    ['Wasserstein', wassersteinDistance(a, b), 0.895],
    [
      'Wasserstein in spreads of the reference',
      wassersteinDistance(a, b) / standardDeviation([...a]),
      0.7014270291038284,
    ],
    ['energy distance', energyDistance(a, b), 0.596447818337866],
    ['Cramér–von Mises T', cramerVonMises(a, b).statistic, 0.14490740740740726],
    [
      'Cramér–von Mises limiting p',
      cramerVonMisesAsymptotic(0.14490740740740726, 10, 8),
      0.44008727936903025,
    ],
    ['Cramér–von Mises exact p, SciPy', cramerVonMises(a, b).p, 0.4442159148041501],
    ['Mann–Whitney exact p, SciPy', mannWhitney(a, b).p, 0.2742812742812743],
    ['Kuiper V', kuiper(a, b).statistic, 0.3],
    ['Anderson–Darling, mid-ranks', andersonDarling(a, b).statistic, 0.021339851573527288],
    [
      'MMD², Gaussian kernel of width 1.5',
      maximumMeanDiscrepancy(asPoints(a), asPoints(b), 1.5),
      -0.036134888681759625,
    ],
  ];
  it.each(rows)('%s', (_, actual, expected) => close(actual, expected));
});

describe('statistics on two samples, SciPy 1.17 on ten pairs', () => {
  it.each(Object.entries(pairs))('%s', (name, [reference, current]) => {
    const r = Object.freeze([...reference]);
    const c = Object.freeze([...current]);
    const answers: Record<string, number> = {
      ks_stat: kolmogorovSmirnov(r, c).statistic,
      ks_p_exact: kolmogorovSmirnov(r, c).p,
      wasserstein: wassersteinDistance(r, c),
      wasserstein_over_sd0: wassersteinDistance(r, c) / standardDeviation([...r]),
      energy_distance: energyDistance(r, c),
      mannwhitney_u: mannWhitney(r, c).statistic,
      mannwhitney_p: mannWhitney(r, c).p,
      cvm_stat: cramerVonMises(r, c).statistic,
      anderson_ksamp_stat: andersonDarling(r, c).statistic,
      welch_t: welch(r, c).statistic,
      welch_df: welch(r, c).df,
      welch_p: welch(r, c).p,
    };
    for (const [answer, actual] of Object.entries(answers)) {
      const expected = scipy[name]?.[answer];
      // Without ties and with eight values SciPy's vector is the normal limit, ours the exact law (tested above).
      if (name === 'tiny' && answer === 'mannwhitney_p') continue;
      expect(expected, `${name}: no vector ${answer}`).toBeTypeOf('number');
      // The Cramér–von Mises statistic is a difference of rank sums of order n², in SciPy as here.
      close(actual, expected as number, { relative: 1e-9, absolute: 2e-13 });
    }
    // SciPy ends the series of the limit law at terms of 1e-7, which leaves up to 1e-9 of its p-value out.
    const { statistic } = cramerVonMises(r, c);
    const limit = cramerVonMisesAsymptotic(statistic, r.length, c.length);
    close(limit, scipy[name]?.['cvm_p'] as number, { relative: 1e-7, absolute: 1e-9 });
    close(andersonDarling(r, c).p, evidently[name]?.anderson.value ?? NaN, { relative: 1e-9 });
    close(energyDistance(r, c), evidently[name]?.ed.value ?? NaN);
  });
});

describe('statistics on two samples, properties', () => {
  const distances: readonly ((x: Sample, y: Sample) => number)[] = [
    (x, y) => kolmogorovSmirnov(x, y).statistic,
    (x, y) => kuiper(x, y).statistic,
    (x, y) => cramerVonMises(x, y).statistic,
    (x, y) => andersonDarling(x, y).statistic,
    wassersteinDistance,
    energyDistance,
  ];

  it('are symmetric and do not mind the order of the values', () => {
    const shuffled = [...a].reverse();
    for (const distance of distances) {
      expect(distance(a, b)).toBeCloseTo(distance(b, a), 12);
      expect(distance(shuffled, b)).toBe(distance(a, b));
    }
  });

  it('rank statistics ignore a monotone change of unit, distances scale with it', () => {
    const inUnit = (sample: Sample): number[] => sample.map((x) => 1000 * x);
    expect(kolmogorovSmirnov(inUnit(a), inUnit(b))).toEqual(kolmogorovSmirnov(a, b));
    expect(wassersteinDistance(inUnit(a), inUnit(b))).toBeCloseTo(895, 9);
    expect(energyDistance(inUnit(a), inUnit(b))).toBeCloseTo(Math.sqrt(1000) * energyDistance(a, b), 9);
  });

  it('the exact and the limiting p-values agree on large samples', () => {
    const [r, c] = pairs['n1000_ref'] as readonly [Sample, Sample];
    const { statistic, p } = kolmogorovSmirnov(r, c);
    expect(kolmogorovSmirnovAsymptotic(statistic, r.length, c.length) / p).toBeCloseTo(1, 1);
  });

  it('Kuiper sees a change of spread that Kolmogorov–Smirnov does not', () => {
    const narrow = Array.from({ length: 200 }, (_, i) => (i - 99.5) / 100);
    const wide = narrow.map((x) => 1.5 * x + 0.001);
    expect(kuiper(narrow, wide).p).toBeLessThan(kolmogorovSmirnov(narrow, wide).p / 10);
  });

  it("Kuiper's law has its published 5 % point, 1.747", () => {
    // An effective size of 1e10 takes the finite-sample correction away.
    const identity = Array.from({ length: 40 }, (_, i) => i);
    expect(kuiper(identity, identity).p).toBe(1);
    expect(
      kuiper(
        identity,
        identity.map((i) => i + 100),
      ).p,
    ).toBeLessThan(1e-10);
  });

  it('a Bessel function in closed form: e^x K_1/2(x) = √(π / 2x)', () => {
    for (const x of [0.01, 0.5, 2, 30, 5000])
      close(scaledBesselK(0.5, x), Math.sqrt(Math.PI / (2 * x)), { relative: 1e-13 });
  });

  it('two equal samples are as alike as can be', () => {
    expect(kolmogorovSmirnov(a, a)).toEqual({ statistic: 0, p: 1, method: 'exact' });
    expect(wassersteinDistance(a, a)).toBe(0);
    expect(energyDistance(a, a)).toBe(0);
    expect(kuiper(a, a).statistic).toBe(0);
  });

  it('refuses empty samples and NaN', () => {
    expect(() => combinedSample([], [1])).toThrow(/at least one/);
    expect(() => wassersteinDistance([1, NaN], [1])).toThrow(/NaN/);
    expect(() => welch([1], [1, 2])).toThrow(/two values/);
    expect(() => maximumMeanDiscrepancy([[1], [2]], [[1], [2]], 0)).toThrow(/width/);
  });
});

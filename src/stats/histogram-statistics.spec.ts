import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { binnedKolmogorovSmirnov } from './binned-kolmogorov-smirnov.js';
import { binnedWasserstein } from './binned-wasserstein.js';
import { chiSquaredTest, cramersV, gTest } from './chi-squared-test.js';
import { hellingerDistance } from '../../test/oracle/statistics/hellinger.js';
import { jensenShannonDistance, jensenShannonDivergence } from './jensen-shannon.js';
import { kullbackLeibler } from '../../test/oracle/statistics/kullback-leibler.js';
import { psi } from './psi.js';
import { psiCriticalValue, psiPValue } from '../../test/oracle/statistics/psi-null-band.js';
import { psiRelevancePValue } from '../../test/oracle/statistics/psi-relevance.js';
import { largestDifference, totalVariation } from '../../test/oracle/statistics/total-variation.js';

const reference = Object.freeze([120, 180, 250, 200, 150, 100]);
const current = Object.freeze([30, 60, 110, 120, 100, 80]);
const sample = Object.freeze({ bins: 6, referenceRows: 1000, currentRows: 500 });

interface CountVector {
  readonly ref: readonly number[];
  readonly cur: readonly number[];
  readonly [answer: string]: unknown;
}
const scipy = JSON.parse(readFileSync(new URL('../../test/vectors/scipy.json', import.meta.url), 'utf8')) as {
  readonly counts: Record<string, CountVector>;
  readonly categorical: Record<string, CountVector>;
};

function close(actual: number, expected: number, relative = 1e-9): void {
  expect(Math.abs(actual - expected), `${actual} is not ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected) + 1e-15,
  );
}

describe('statistics on two histograms, the worked table of the specification', () => {
  const raw = psi(reference, current, 0);
  const rows: readonly (readonly [string, number, number])[] = [
    ['PSI', raw, 0.11962892211447448],
    ['PSI on the chi-squared scale', raw / (1 / 500 + 1 / 1000), 39.87630737149149],
    ['PSI p-value', psiPValue(raw, sample), 1.5816380103178965e-7],
    ['PSI 95 % band', psiCriticalValue(sample, 0.95), 0.033211493080549055],
    ['PSI 99 % band', psiCriticalValue(sample, 0.99), 0.045258817408166965],
    ['PSI 99.9 % band', psiCriticalValue(sample, 0.999), 0.061545016957298616],
    ['PSI <= .01', psiRelevancePValue(raw, 0.01, sample), 4.1826398338020686e-5],
    ['PSI <= .02', psiRelevancePValue(raw, 0.02, sample), 5.746989308023944e-4],
    ['PSI <= .05', psiRelevancePValue(raw, 0.05, sample), 0.032914845249780104],
    ['PSI <= .1', psiRelevancePValue(raw, 0.1, sample), 0.4173335551523509],
    ['PSI with an empty bin', psi(reference, [0, 60, 110, 120, 100, 80]), 0.6545789091837377],
    ['Jensen–Shannon, base 2', jensenShannonDistance(reference, current), 0.14608072579808704],
    ['Jensen–Shannon, base e', jensenShannonDistance(reference, current, Math.E), 0.12162018186446062],
    [
      'Jensen–Shannon divergence, bits',
      jensenShannonDivergence(reference, current) / Math.LN2,
      0.02133957844969589,
    ],
    ['KL(current || reference)', kullbackLeibler(current, reference), 0.05812618326147187],
    ['KL(reference || current)', kullbackLeibler(reference, current), 0.0615027388530026],
    ['Hellinger', hellingerDistance(reference, current), 0.12195000423846972],
    ['total variation', totalVariation(reference, current), 0.15],
    ['L-infinity', largestDifference(reference, current), 0.06],
    ['chi-squared', chiSquaredTest(reference, current).statistic, 38.25],
    ['chi-squared p', chiSquaredTest(reference, current).p, 3.3611000183205594e-7],
    ['G', gTest(reference, current).statistic, 39.12967166652366],
    ['G p', gTest(reference, current).p, 2.2363026266240462e-7],
    ["Cramér's V", cramersV(reference, current), 0.15968719422671313],
    ['binned Kolmogorov–Smirnov', binnedKolmogorovSmirnov(reference, current), 0.15],
    ['binned Wasserstein', binnedWasserstein(reference, current), 0.5],
  ];
  it.each(rows)('%s', (_, actual, expected) => close(actual, expected));
});

describe('statistics on two histograms, SciPy 1.17 on ten numeric pairs and three categorical ones', () => {
  const answers: Record<string, (r: readonly number[], c: readonly number[]) => number> = {
    psi_half_smoothed: psi,
    js_distance_base2: (r, c) => jensenShannonDistance(r, c),
    js_distance_basee: (r, c) => jensenShannonDistance(r, c, Math.E),
    hellinger: hellingerDistance,
    linf: largestDifference,
    tv: totalVariation,
    ks_binned: binnedKolmogorovSmirnov,
    chi2_stat: (r, c) => chiSquaredTest(r, c).statistic,
    chi2_p: (r, c) => chiSquaredTest(r, c).p,
    chi2_df: (r, c) => chiSquaredTest(r, c).df,
    g_stat: (r, c) => gTest(r, c).statistic,
    kl_ref_cur_half_smoothed: (r, c) => kullbackLeibler(r, c, 0.5),
    cramers_v: cramersV,
  };
  const pairs = [...Object.entries(scipy.counts), ...Object.entries(scipy.categorical)];
  it.each(pairs)('%s', (_, vector) => {
    const r = Object.freeze([...vector.ref]);
    const c = Object.freeze([...vector.cur]);
    let compared = 0;
    for (const [name, statistic] of Object.entries(answers)) {
      const expected = vector[name];
      if (typeof expected !== 'number') continue;
      close(statistic(r, c), expected, 2e-9);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(6);
  });
});

describe('statistics on two histograms, properties', () => {
  const distances = [psi, jensenShannonDistance, hellingerDistance, totalVariation, largestDifference];
  const ordered = [binnedKolmogorovSmirnov, binnedWasserstein];

  it('are zero on the same shares, whatever the number of rows', () => {
    const doubled = reference.map((count) => count * 2);
    for (const distance of [
      jensenShannonDistance,
      hellingerDistance,
      totalVariation,
      largestDifference,
      ...ordered,
    ]) {
      expect(distance(reference, doubled)).toBeCloseTo(0, 7);
    }
  });

  it('are symmetric, apart from Kullback–Leibler', () => {
    for (const distance of [...distances, ...ordered]) {
      expect(distance(reference, current)).toBeCloseTo(distance(current, reference), 14);
    }
    expect(kullbackLeibler(reference, current)).not.toBeCloseTo(kullbackLeibler(current, reference), 4);
  });

  it('unordered statistics do not mind the order of the bins, ordered ones do', () => {
    const shuffle = (counts: readonly number[]): number[] =>
      [3, 0, 5, 1, 4, 2].map((bin) => counts[bin] ?? 0);
    for (const distance of distances) {
      expect(distance(shuffle(reference), shuffle(current))).toBeCloseTo(distance(reference, current), 13);
    }
    expect(binnedKolmogorovSmirnov(shuffle(reference), shuffle(current))).not.toBeCloseTo(0.15, 3);
  });

  it('Wasserstein scales with the unit of the bins', () => {
    expect(binnedWasserstein([1, 0, 0], [0, 0, 1], [10, 20, 50])).toBe(40);
  });

  it('an empty bin is infinite without smoothing, and finite with it', () => {
    expect(psi([1, 1], [2, 0], 0)).toBe(Infinity);
    expect(Number.isFinite(psi([1, 1], [2, 0]))).toBe(true);
  });

  it('refuses histograms that do not belong together', () => {
    expect(() => psi([1, 2], [1, 2, 3])).toThrow(/bins/);
    expect(() => hellingerDistance([0, 0], [1, 1])).toThrow(/zero/);
    expect(() => totalVariation([-1, 2], [1, 1])).toThrow(/>= 0/);
  });
});

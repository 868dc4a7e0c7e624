import { kolmogorovSurvival } from '../../oracle/statistics/kolmogorov.js';
import type { Watch } from './simulated-model.js';

/** Alert rules that others use by default, re-implemented on the same values. */
export const PEER_RULES = [
  'KS p<.05',
  'KS Bonferroni',
  'PSI>0.2',
  'W1/sd>0.1',
  'JS mean+3sd',
  'KS mean+3sd',
] as const;
export type PeerRule = (typeof PEER_RULES)[number];

const LARGEST_REFERENCE = 10_000;
const PER_WINDOW = 40;

interface Rules {
  readonly sorted: Float64Array;
  readonly deciles: Float64Array;
  readonly sd: number;
  readonly jsLimit: number;
  readonly ksLimit: number;
}

/** Collects reference windows by feature, then judges monitored windows by every rule. */
export class Peers {
  private readonly references = new Map<number, Float64Array[]>();
  private readonly rules = new Map<number, Rules>();
  /** Alert calls of (feature, rule, monitored hour). */
  constructor(
    private readonly referenceWindows: number,
    private readonly tests: number,
    private readonly alerted: (feature: number, rule: PeerRule, hour: number) => void,
  ) {}

  readonly watch: Watch = (feature, t, values) => {
    if (t < this.referenceWindows) {
      const windows = this.references.get(feature) ?? [];
      windows.push(values);
      this.references.set(feature, windows);
      return;
    }
    const rules = this.rules.get(feature) ?? this.learn(feature);
    for (const rule of alertsOf(values, rules, this.tests))
      this.alerted(feature, rule, t - this.referenceWindows);
  };

  private learn(feature: number): Rules {
    const windows = this.references.get(feature) ?? [];
    this.references.delete(feature);
    const each = Math.min(PER_WINDOW, Math.ceil(LARGEST_REFERENCE / windows.length));
    const sample = Float64Array.from(windows.flatMap((values) => [...values.subarray(0, each)])).sort();
    const deciles = Float64Array.from(
      { length: 9 },
      (_, i) => sample[Math.floor(((i + 1) * sample.length) / 10)] ?? 0,
    );
    const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
    const sd = Math.sqrt(sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sample.length);
    // The thresholds come from the reference's own windows, as chunk-based rules set them.
    const own = windows.filter((_, i) => i % Math.max(1, Math.floor(windows.length / 112)) === 0);
    const distances = own.map((values) => ({
      js: jensenShannon(values, deciles),
      ks: kolmogorov(values.toSorted(), sample),
    }));
    const rules = {
      sorted: sample,
      deciles,
      sd,
      jsLimit: threeSigma(distances.map(({ js }) => js)),
      ksLimit: threeSigma(distances.map(({ ks }) => ks)),
    };
    this.rules.set(feature, rules);
    return rules;
  }
}

function alertsOf(values: Float64Array, rules: Rules, tests: number): PeerRule[] {
  const sorted = values.toSorted();
  const m = rules.sorted.length;
  const n = sorted.length;
  const d = kolmogorov(sorted, rules.sorted);
  const root = Math.sqrt((n * m) / (n + m));
  const p = kolmogorovSurvival((root + 0.12 + 0.11 / root) * d);
  const found: PeerRule[] = [];
  if (p < 0.05) found.push('KS p<.05');
  if (p < 0.05 / tests) found.push('KS Bonferroni');
  if (populationStability(values, rules.deciles) > 0.2) found.push('PSI>0.2');
  if (wasserstein(sorted, rules.sorted) / rules.sd > 0.1) found.push('W1/sd>0.1');
  if (jensenShannon(values, rules.deciles) > rules.jsLimit) found.push('JS mean+3sd');
  if (d > rules.ksLimit) found.push('KS mean+3sd');
  return found;
}

function kolmogorov(a: Float64Array, b: Float64Array): number {
  let [i, j, worst] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    if ((a[i] ?? 0) <= (b[j] ?? 0)) i += 1;
    else j += 1;
    const gap = Math.abs(i / a.length - j / b.length);
    if (gap > worst) worst = gap;
  }
  return worst;
}

function wasserstein(a: Float64Array, b: Float64Array): number {
  let [i, j, distance] = [0, 0, 0];
  let before = Math.min(a[0] ?? 0, b[0] ?? 0);
  while (i < a.length || j < b.length) {
    const x = j >= b.length || (i < a.length && (a[i] ?? 0) <= (b[j] ?? 0)) ? (a[i] ?? 0) : (b[j] ?? 0);
    distance += Math.abs(i / a.length - j / b.length) * (x - before);
    while (i < a.length && a[i] === x) i += 1;
    while (j < b.length && b[j] === x) j += 1;
    before = x;
  }
  return distance;
}

function decileShares(values: Float64Array, deciles: Float64Array): number[] {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const x of values) {
    let bin = 0;
    while (bin < 9 && x > (deciles[bin] ?? 0)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => Math.max(count / values.length, 1e-4));
}

function populationStability(values: Float64Array, deciles: Float64Array): number {
  return decileShares(values, deciles).reduce((sum, q) => sum + (q - 0.1) * Math.log(q / 0.1), 0);
}

function jensenShannon(values: Float64Array, deciles: Float64Array): number {
  const divergence = decileShares(values, deciles).reduce((sum, q) => {
    const m = (q + 0.1) / 2;
    return sum + (q * Math.log2(q / m) + 0.1 * Math.log2(0.1 / m)) / 2;
  }, 0);
  return Math.sqrt(Math.max(0, divergence));
}

function threeSigma(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return mean + 3 * Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

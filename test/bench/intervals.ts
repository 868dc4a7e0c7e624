import { costMetrics, estimatedCost, realisedCost } from '../../src/checks/cost-metrics.js';
import { estimatedMetrics } from '../../src/checks/estimated-metrics.js';
import { realisedMetrics } from '../../src/checks/realised-metrics.js';
import { Model } from '../../src/domain/model.js';
import type { Metric, Outcome } from '../../src/domain/outcome.js';
import type { PerformanceProfile } from '../../src/domain/profile.js';
import {
  classWindows,
  errorWindows,
  POPULATIONS,
  simulator,
  type Population,
} from '../support/simulated-windows.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

const SEED = 42;
/** Rows that say what the truth is. */
const MANY = 400_000;
/** Labelled rows that taught the calibrator: as few as teach one. */
const TAUGHT = 500;
/** References that were drawn, for what one of them taught is off in all windows alike. */
const REFERENCES = 50;
const COSTS = { currency: 'EUR', falsePositive: 5, falseNegative: 250 };
const BINARY = Model.parse({ key: 'm', task: 'binary', positive: 'yes', costs: COSTS });

/** How often an interval holds what it is of, by metric; windows in which a metric has no value count for none. */
class Held {
  private readonly counts = new Map<string, { held: number; windows: number }>();

  add(metric: string, { value, low, high }: Pick<Metric, 'value' | 'low' | 'high'>, truth: number | null | undefined): void {
    if (value === null || truth === null || truth === undefined) return;
    const count = this.counts.get(metric) ?? { held: 0, windows: 0 };
    // rounding of a sum is no miss
    const slack = 1e-9 * (1 + Math.abs(truth));
    if (low !== null && high !== null && low - slack <= truth && truth <= high + slack) count.held += 1;
    count.windows += 1;
    this.counts.set(metric, count);
  }

  shares(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].map(([metric, { held, windows }]) => [metric, held / windows]));
  }
} // prettier-ignore

function everything(outcome: Outcome, usual: PerformanceProfile | null = null): Metric[] {
  return [
    ...realisedMetrics(BINARY, outcome, usual),
    ...costMetrics(realisedCost(BINARY, outcome), outcome.answered),
  ];
}

/** Of a binary model: realised metrics against what a great many rows show, estimated ones against what the labels of the same window then say. */
function binary(population: Population, windows: number, seed: number): Readonly<Record<string, number>> {
  const truth = new Map(everything(simulator(population, seed, TAUGHT).window(MANY).outcome).map(({ metric, value }) => [metric, value]));
  const held = new Held();
  for (let reference = 0; reference < REFERENCES; reference += 1) {
    const { calibrator, usual, window } = simulator(population, seed + 1 + reference, TAUGHT);
    for (let i = 0; i < windows / REFERENCES; i += 1) {
      const { outcome, measured } = window();
      const realised = everything(outcome, usual);
      for (const one of realised) if (isCounted(one.metric)) held.add(one.metric, one, truth.get(one.metric));
      const labels = new Map(realised.map(({ metric, value }) => [metric, value]));
      const estimated = [...estimatedMetrics({ estimator: { kind: 'binary', positive: 'yes', calibrator }, taught: TAUGHT }, measured, outcome), ...costMetrics(estimatedCost(BINARY, measured, TAUGHT), outcome.answered)];
      for (const one of estimated) if (one.metric !== 'cost') held.add(`estimated ${one.metric}`, one, labels.get(one.metric));
    }
  }
  return held.shares();
} // prettier-ignore

/** `cost` grows with the rows of a window, z is a test, and a calibrated model lies on the edge of the calibration error. */
function isCounted(metric: string): boolean {
  return !['cost', 'calibration_z', 'calibration_error', 'label_delay_hours'].includes(metric);
}

function others(task: 'multiclass' | 'regression', drawn: (rows: number) => Outcome, windows: number): Readonly<Record<string, number>> {
  const model = Model.parse({ key: 'm', task });
  const truth = new Map(realisedMetrics(model, drawn(MANY)).map(({ metric, value }) => [metric, value]));
  const held = new Held();
  for (let i = 0; i < windows; i += 1)
    for (const one of realisedMetrics(model, drawn(20 + (i % 61)))) held.add(one.metric, one, truth.get(one.metric));
  return held.shares();
} // prettier-ignore

function tableOf(title: string, columns: readonly string[], found: readonly Readonly<Record<string, number>>[]): BenchTable {
  const metrics = [...new Set(found.flatMap((one) => Object.keys(one)))];
  const text = (share: number | undefined) => (share === undefined ? '' : `${(100 * share).toFixed(1)} %`);
  return { title, columns: ['metric', ...columns], rows: metrics.map((metric) => [metric, ...found.map((one) => text(one[metric]))]) };
} // prettier-ignore

/** How often the 95 % intervals of metrics hold what they are of, in windows of a few dozen rows too. */
export async function run({ quick, seed }: BenchOptions): Promise<BenchReport> {
  const [first, windows] = [seed ?? SEED, quick ? 1000 : 5000];
  const found = POPULATIONS.map((population) => binary(population, windows, first));
  const classes = others('multiclass', classWindows(first), windows);
  const regression = others('regression', errorWindows(first), windows);
  const named = [...POPULATIONS.map(({ title }, i) => [title, found[i] ?? {}] as const), ['classes', classes], ['regression', regression]] as const;
  const numbers = Object.fromEntries(named.flatMap(([title, one]) => Object.entries(one).map(([metric, share]) => [`${metric}: ${title}`, share])));
  return Promise.resolve({
    bench: 'intervals',
    tables: [
      tableOf(`intervals: part of ${windows} windows whose 95 % interval holds what it is of (binary)`, POPULATIONS.map(({ title }) => title), found),
      tableOf('20 to 80 rows, three classes of which one is rare', ['held'], [classes]),
      tableOf('20 to 80 rows of a regression', ['held'], [regression]),
    ],
    numbers,
    notes: [
      'Realised metrics are held against what a great many rows show, estimated ones against what the labels of the same window then say; windows in which a metric has no value are left out. Each of fifty references has 500 labelled rows, as few as teach a calibrator. The scores are what they claim.',
    ],
  });
} // prettier-ignore

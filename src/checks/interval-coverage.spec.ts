import { describe, expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { CELL_SEPARATOR, NO_ANSWERS, type Metric, type Outcome } from '../domain/outcome.js';
import { NO_LABELS, type PerformanceProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { POPULATIONS, simulator } from '../../test/support/simulated-windows.js';
import { groupBy } from '../domain/group-by.js';
import { costMetrics, estimatedCost, realisedCost } from './cost-metrics.js';
import { estimatedMetrics } from './estimated-metrics.js';
import { realisedMetrics } from './realised-metrics.js';

const WINDOWS = 600;
const ROWS = 100;
const random = lcg(29);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** By metric, the share of windows whose interval holds what a great many rows say. */
function coverage(model: Model, drawn: (rows: number) => Outcome, { usual = null, many = 200_000 }: { readonly usual?: PerformanceProfile | null; readonly many?: number } = {}) {
  const truth = new Map(realisedMetrics(model, drawn(many)).map(({ metric, value }) => [metric, value ?? NaN]));
  const hits: Record<string, number> = {};
  for (let i = 0; i < WINDOWS; i += 1)
    for (const { metric, low, high } of realisedMetrics(model, drawn(ROWS), usual)) {
      const value = truth.get(metric) ?? NaN;
      hits[metric] = (hits[metric] ?? 0) + Number((low ?? Infinity) <= value && value <= (high ?? -Infinity)) / WINDOWS;
    }
  return hits;
} // prettier-ignore

function expectCovers(found: Readonly<Record<string, number>>, metrics: readonly string[]) {
  const off = metrics.filter((metric) => !((found[metric] ?? 0) >= 0.92 && (found[metric] ?? 0) <= 0.99));
  expect(off.map((metric) => [metric, found[metric]])).toEqual([]);
}

/** Errors of about 110, and one truth in a hundred that is 0, of which a third of the windows have none. */
function regression(rows: number): Outcome {
  const sums = { errors: rows, error: 0, errorSquares: 0, absolute: 0, fourth: 0, truth: 0, truthSquares: 0 };
  for (let i = 0; i < rows; i += 1) {
    const answer = 1200 + 400 * normal();
    const truth = random() < 0.01 ? 0 : answer + 110 * normal();
    const error = answer - truth;
    sums.error += error;
    sums.absolute += Math.abs(error);
    sums.errorSquares += error ** 2;
    sums.fourth += error ** 4;
    sums.truth += truth;
    sums.truthSquares += truth ** 2;
  }
  return { ...NO_ANSWERS, answered: rows, labelled: rows, sums };
}

/** Six, three and one in ten; four in five are answered right. */
function classes(rows: number): Outcome {
  const names = ['ant', 'bee', 'cat'];
  const cells: Record<string, number> = {};
  const draw = () => (random() < 0.6 ? 0 : random() < 0.75 ? 1 : 2);
  for (let i = 0; i < rows; i += 1) {
    const is = draw();
    const pair = `${names[is] ?? ''}${CELL_SEPARATOR}${names[random() < 0.65 ? is : draw()] ?? ''}`;
    cells[pair] = (cells[pair] ?? 0) + 1;
  }
  return { ...NO_ANSWERS, answered: rows, labelled: rows, cells };
}

/** Half, three and two in ten, with probabilities that are what they claim. */
function probabilities(rows: number): Outcome {
  const [names, shares] = [['ant', 'bee', 'cat'], [0.5, 0.3, 0.2]]; // prettier-ignore
  const found = { cells: {}, classRows: {}, classHits: {}, positives: {}, negatives: {}, scores: {} } as Record<string, Record<string, number>>;
  const add = (of: string, place: string, amount = 1) => {
    const own = (found[of] ??= {});
    own[place] = (own[place] ?? 0) + amount;
  };
  const [sums, bin] = [{ correct: 0, scored: rows, brier: 0, brierSquares: 0 }, (p: number) => String(Math.floor(Math.log(p / (1 - p)) * 8 + 128))];
  for (let row = 0; row < rows; row += 1) {
    const is = ((at) => (at < 0.5 ? 0 : at < 0.8 ? 1 : 2))(random());
    const raised = shares.map((share, i) => share * Math.exp(1.2 * (normal() + (i === is ? 1.2 : 0))));
    const all = raised.reduce((a, b) => a + b, 0);
    const scores = raised.map((one) => one / all);
    const says = scores.indexOf(Math.max(...scores));
    const distance = scores.reduce((sum, p, i) => sum + (p - Number(i === is)) ** 2, 0);
    sums.brier += distance;
    sums.brierSquares += distance ** 2;
    add('cells', `${names[is] ?? ''}${CELL_SEPARATOR}${names[says] ?? ''}`);
    scores.forEach((p, i) => add('classRows', `${names[i] ?? ''}${CELL_SEPARATOR}${bin(p)}`));
    add('classHits', `${names[is] ?? ''}${CELL_SEPARATOR}${bin(scores[is] ?? 0)}`);
    add(is === says ? 'positives' : 'negatives', bin(scores[says] ?? 0));
    add('scores', bin(scores[says] ?? 0), scores[says] ?? 0);
  }
  return { ...NO_ANSWERS, ...found, answered: rows, labelled: rows, sums };
} // prettier-ignore

function binary(rows: number): Outcome {
  const sums = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
  for (let i = 0; i < rows; i += 1) {
    const is = random() < 0.3;
    const says = random() < (is ? 0.55 : 0.15);
    sums[is ? (says ? 'truePositives' : 'falseNegatives') : says ? 'falsePositives' : 'trueNegatives'] += 1;
  }
  return { ...NO_ANSWERS, answered: rows, labelled: rows, sums };
}

const COSTS = { currency: 'EUR', falsePositive: 5, falseNegative: 250 };
const PRICED = Model.parse({ key: 'm', task: 'binary', positive: 'yes', costs: COSTS });
const TAUGHT = 500;

function priced(outcome: Outcome, usual: PerformanceProfile | null = null): Metric[] {
  return [
    ...realisedMetrics(PRICED, outcome, usual),
    ...costMetrics(realisedCost(PRICED, outcome), outcome.answered),
  ];
}

describe('in windows of a few dozen rows, of which one in six is positive,', () => {
  const small = POPULATIONS.at(-1)!;
  const simulations = Array.from({ length: 20 }, (_, i) => simulator(small, 100 + i, TAUGHT));
  const windows = simulations.flatMap(({ window, calibrator, usual }) =>
    Array.from({ length: 15 }, () => ({ ...window(), calibrator, usual })),
  );

  it('realised metrics hold what a great many rows say, and no cost is below what an answer can cost', () => {
    const truth = new Map(priced(simulator(small, 7, TAUGHT).window(40_000).outcome).map(({ metric, value }) => [metric, value]));
    const asked = ['accuracy', 'balanced_accuracy', 'precision', 'recall', 'specificity', 'f1', 'matthews_correlation', 'auc', 'average_precision', 'log_loss', 'brier', 'cost_per_answer'];
    const found = windows.flatMap(({ outcome, usual }) => priced(outcome, usual));
    expectCovers(held(found.filter(({ metric }) => asked.includes(metric)), ({ metric }) => truth.get(metric)), asked);
    expect(found.filter(({ metric, low }) => metric.startsWith('cost') && low !== null && low < 0)).toEqual([]);
  }); // prettier-ignore

  it('estimated metrics hold what the labels of the same window then say', () => {
    const asked = ['accuracy', 'balanced_accuracy', 'precision', 'recall', 'specificity', 'f1', 'auc', 'cost_per_answer'];
    const labels = new Map<Metric, number | null | undefined>();
    for (const { outcome, measured, calibrator } of windows) {
      const said = new Map(priced(outcome).map(({ metric, value }) => [metric, value]));
      const estimator = { kind: 'binary', positive: 'yes', calibrator } as const;
      const estimated = [...estimatedMetrics({ estimator, taught: TAUGHT }, measured, outcome), ...costMetrics(estimatedCost(PRICED, measured, TAUGHT), outcome.answered)];
      for (const one of estimated) labels.set(one, said.get(one.metric));
    }
    expectCovers(held([...labels.keys()].filter(({ metric }) => asked.includes(metric)), (one) => labels.get(one)), asked);
  }); // prettier-ignore
});

/** By metric, the share of those with a value whose interval holds the truth. */
function held(found: readonly Metric[], truthOf: (one: Metric) => number | null | undefined): Record<string, number> {
  const known = found.filter((one) => one.value !== null && typeof truthOf(one) === 'number');
  return Object.fromEntries(
    [...groupBy(known, ({ metric }) => metric)].map(([metric, own]) => {
      const hits = own.filter((one) => (one.low ?? Infinity) <= (truthOf(one) ?? NaN) + 1e-9 && (truthOf(one) ?? NaN) - 1e-9 <= (one.high ?? -Infinity));
      return [metric, hits.length / own.length];
    }),
  );
} // prettier-ignore

describe('intervals hold the true value of a window in which nothing has changed in about 95 of 100', () => {
  it('of errors with a heavy tail, of which the reference knows', () => {
    const { sums } = regression(50_000);
    const usual = {
      ...NO_LABELS, labelled: 50_000, lossRows: 50_000, lossSum: sums.absolute ?? 0, lossSquares: sums.errorSquares ?? 0,
      errorRows: 50_000, squaredErrorSum: sums.errorSquares ?? 0, squaredErrorSquares: sums.fourth ?? 0,
    }; // prettier-ignore
    const found = coverage(Model.parse({ key: 'm', task: 'regression' }), regression, { usual });
    expectCovers(found, ['mean_absolute_error', 'root_mean_squared_error', 'bias', 'r_squared']);
  });

  it('of means over classes, of which one is rare', () => {
    const found = coverage(Model.parse({ key: 'm', task: 'multiclass' }), classes);
    const kinds = ['precision', 'recall', 'f1'].flatMap((rate) => [`macro_${rate}`, `weighted_${rate}`]);
    expectCovers(found, kinds);
  });

  it('of the probabilities of several classes', () => {
    const found = coverage(Model.parse({ key: 'm', task: 'multiclass' }), probabilities, { many: 50_000 });
    const rankings = ['auc', 'average_precision'].flatMap((one) => [`macro_${one}`, `weighted_${one}`]);
    expectCovers(found, [...rankings, 'balanced_accuracy', 'brier']);
  });

  it('of shares and correlations of two classes', () => {
    const found = coverage(Model.parse({ key: 'm', task: 'binary', positive: 'yes' }), binary);
    expectCovers(found, ['accuracy', 'precision', 'recall', 'f1', 'matthews_correlation']);
  });
});

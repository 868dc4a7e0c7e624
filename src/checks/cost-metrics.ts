import type { Baseline } from '../domain/baseline.js';
import { costOf, costRules, pairsOf } from '../domain/cost-rule.js';
import type { Measure } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import type { PerformanceProfile, WindowProfile } from '../domain/profile.js';
import { confusionOf } from './binary-metrics.js';
import type { Confusion } from '../stats/confusion-rates.js';
import { expectedBand, expectedConfusion, likelyCells, type Estimated } from './expected-counts.js';
import { costBand, type CostCell } from './cost-interval.js';
import { mean, metricOf, notComputed, waiting, type Band } from './metric-interval.js';
import { mergeMeasures } from './merge-profiles.js';
import { cellsOf } from './multiclass-metrics.js';

/** What a row costs on average. */
export interface MeanCost {
  readonly mean: number;
  readonly n: number;
  /** 95 % interval of the mean; null where none is known. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Names of the metrics that a model with costs has. */
export const COST_METRICS: readonly string[] = ['cost_per_answer', 'cost'];

/** What labelled answers cost; null where the model file names no costs, or no row has one. */
export function realisedCost({ task, costs }: Model, outcome: Outcome): MeanCost | null {
  if (!costs) return null;
  if (task === 'regression') {
    const { errors, absolute, errorSquares } = outcome.sums;
    const unit = costs.absoluteError ?? 0;
    return meanOf(errors ?? 0, unit * (absolute ?? NaN), unit * unit * (errorSquares ?? NaN));
  }
  if (task === 'binary') return fromCells(binaryCells(costs, confusionOf(outcome)));
  return fromCells(classCells(costs, outcome), amountsOfAnswers(task, costs));
}

/** The same of what is kept of a reference and of a window; null where it was not measured by the costs of now. */
export function countedCost(
  model: Model,
  { performance: of, measures }: Pick<WindowProfile, 'performance' | 'measures'>,
): MeanCost | null {
  const { task, costs } = model;
  if (!costs) return null;
  if (task === 'binary') {
    const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = of;
    return fromCells(binaryCells(costs, { tp, fp, fn, tn }));
  }
  const [rule] = costRules(model);
  if (rule) return measuredCost(measures[rule.name]);
  if (task === 'multiclass') return fromCells(mistakeCells(costs, of), amountsOfAnswers(task, costs));
  const unit = costs.absoluteError ?? 0;
  return meanOf(of.lossRows, unit * (of.lossSum ?? NaN), unit * unit * (of.lossSquares ?? NaN));
}

/** What the answers of the reference cost; of a reference whose labels came later, what those say. */
export function usualCost(model: Model, { reference, labels }: Baseline): MeanCost | null {
  const own = countedCost(model, reference);
  const [rule] = costRules(model);
  if (own || !rule || !labels) return own;
  const measures = labels.windows.flatMap(({ profile }) => profile.measures[rule.name] ?? []);
  return measures.length === 0 ? null : measuredCost(measures.reduce(mergeMeasures));
}

function measuredCost(measure: Measure | undefined): MeanCost | null {
  return measure?.kind === 'mean' ? meanOf(measure.n, measure.sum, measure.sumSquares) : null;
}

/** What answers are expected to cost before their labels come. `taught`: labelled rows that calibrated it. */
export function estimatedCost({ task, costs }: Model, measured: Estimated, taught: number): MeanCost | null {
  const { n, sum } = measured;
  if (!costs || n === 0) return null;
  if (task === 'regression') return meanOf(n, (costs.absoluteError ?? 0) * sum, NaN);
  if (task === 'multiclass') return null;
  const costAt = (cells: Confusion) =>
    binaryCells(costs, cells).reduce((all, { cost, rows }) => all + cost * rows, 0) / n;
  return {
    mean: costAt(expectedConfusion(measured)),
    n,
    ...expectedBand(likelyCells(measured, taught), costAt),
  };
}

type Costs = NonNullable<Model['costs']>;

function binaryCells(costs: Costs, { tp, fp, fn, tn }: ReturnType<typeof confusionOf>): CostCell[] {
  return [
    { cost: costs.truePositive, rows: tp },
    { cost: costs.falsePositive, rows: fp },
    { cost: costs.falseNegative, rows: fn },
    { cost: costs.trueNegative, rows: tn },
  ];
}

/** Pairs of classes that the matrix does not name cost nothing where they agree, and the same as any other mistake where they do not. */
function classCells({ matrix = {}, mistake }: Costs, outcome: Outcome): CostCell[] {
  return cellsOf(outcome).map(({ actual, answered, rows }) => ({
    rows,
    cost: costOf({ matrix, mistake }, actual, answered),
  }));
}

function mistakeCells({ mistake }: Costs, { labelled, correct }: PerformanceProfile): CostCell[] {
  return [
    { cost: 0, rows: correct },
    { cost: mistake, rows: labelled - correct },
  ];
}

/** What an answer of a model with classes can cost. */
export function amountsOfAnswers(task: Model['task'], costs: Costs): number[] {
  const { truePositive, falsePositive, falseNegative, trueNegative, matrix = {}, mistake } = costs;
  if (task === 'binary') return [truePositive, falsePositive, falseNegative, trueNegative];
  return [0, mistake, ...pairsOf({ matrix }).map(({ cost }) => cost)];
}

function fromCells(cells: readonly CostCell[], possible: readonly number[] = []): MeanCost | null {
  const n = cells.reduce((sum, { rows }) => sum + rows, 0);
  const total = cells.reduce((sum, { cost, rows }) => sum + cost * rows, 0);
  const found = meanOf(n, total, cells.reduce((sum, { cost, rows }) => sum + cost * cost * rows, 0));
  return found && { ...found, ...costBand(cells, possible) };
} // prettier-ignore

const UNKNOWN: Band = { low: null, high: null };

/** From sums alone; losses are none of them negative. */
function meanOf(n: number, sum: number, squares: number): MeanCost | null {
  if (n === 0) return null;
  const { low, high } = Number.isNaN(squares) ? UNKNOWN : mean('cost', { n, sum, squares }, '');
  return { mean: sum / n, n, low, high };
}

/** Cost of an answer, and of all answers of the stretch at that rate. */
export function costMetrics(cost: MeanCost | null, answered: number): Metric[] {
  if (!cost) return COST_METRICS.map((metric) => waiting(metric, 'no answer has a cost yet'));
  const { n, low, high } = cost;
  if (!Number.isFinite(cost.mean)) return COST_METRICS.map((metric) => notComputed(metric, n));
  return COST_METRICS.map((metric) => {
    const times = metric === 'cost' ? answered : 1;
    const of = (one: number | null) => (one === null ? null : times * one);
    return metricOf(metric, times * cost.mean, n, { low: of(low), high: of(high) });
  });
} // prettier-ignore

import { CELL_SEPARATOR, type Metric, type Outcome } from '../domain/outcome.js';
import { f1Score } from '../stats/f1.js';
import { around, mean, metricOf, notApplicable, share } from './metric-interval.js';

/** How one class fares among labelled rows. */
export interface ClassCounts {
  readonly name: string;
  /** Rows that are of it, rows that were called so, and both. */
  readonly actual: number;
  readonly answered: number;
  readonly hits: number;
}

/** A labelled pair of classes and how often it came. */
export interface Cell {
  readonly actual: string;
  readonly answered: string;
  readonly rows: number;
}

/** The confusion matrix as a list, most frequent first. */
export function cellsOf({ cells }: Pick<Outcome, 'cells'>): Cell[] {
  return Object.entries(cells)
    .map(([pair, rows]) => {
      const at = pair.indexOf(CELL_SEPARATOR);
      return { actual: pair.slice(0, at), answered: pair.slice(at + 1), rows };
    })
    .sort((a, b) => b.rows - a.rows || (a.actual < b.actual ? -1 : 1));
}

/** Every class that was there or was answered, by name. */
export function classCounts(cells: readonly Cell[]): ClassCounts[] {
  const names = [...new Set(cells.flatMap(({ actual, answered }) => [actual, answered]))].sort();
  const total = (of: (cell: Cell) => boolean) => cells.filter(of).reduce((sum, { rows }) => sum + rows, 0);
  return names.map((name) => ({
    name,
    actual: total(({ actual }) => actual === name),
    answered: total(({ answered }) => answered === name),
    hits: total(({ actual, answered }) => actual === name && answered === name),
  }));
}

/** Metrics of a model of several classes: over all rows, the plain mean over classes, and the mean by how frequent they are. */
export function multiclassMetrics(outcome: Outcome): Metric[] {
  const { sums, labelled } = outcome;
  const classes = classCounts(cellsOf(outcome));
  const loss = { n: sums.losses ?? 0, sum: sums.loss, squares: sums.lossSquares };
  return [
    share('accuracy', sums.correct ?? 0, labelled, 'no label'),
    ...averages('precision', classes, precision),
    ...averages('recall', classes, recall),
    ...averages('f1', classes, f1),
    mean('log_loss', loss, 'no answer has scores'),
  ];
}

interface Rate {
  readonly value: number;
  readonly variance: number;
}
type RateOf = (counts: ClassCounts) => Rate;

const proportion = (hits: number, trials: number): Rate => {
  const value = trials === 0 ? 0 : hits / trials;
  return { value, variance: trials === 0 ? 0 : (value * (1 - value)) / trials };
};
const precision: RateOf = ({ hits, answered }) => proportion(hits, answered);
const recall: RateOf = ({ hits, actual }) => proportion(hits, actual);
const f1: RateOf = ({ hits, actual, answered }) => {
  if (actual + answered === 0) return { value: 0, variance: 0 };
  const { f1: value, variance } = f1Score({ tp: hits, fp: answered - hits, fn: actual - hits });
  return { value, variance };
};

/** Macro: over the classes that were there or were answered. Weighted: by their labelled rows. A rate without rows counts as 0, as is usual. */
function averages(metric: string, classes: readonly ClassCounts[], rate: RateOf): Metric[] {
  const n = classes.reduce((sum, { actual }) => sum + actual, 0);
  if (n === 0) return ['macro', 'weighted'].map((kind) => notApplicable(`${kind}_${metric}`, 0, 'no pairs of classes'));
  const average = (kind: string, weightOf: (counts: ClassCounts) => number) => {
    const parts = classes.map((counts) => ({ weight: weightOf(counts), ...rate(counts) }));
    const value = parts.reduce((sum, part) => sum + part.weight * part.value, 0);
    const variance = parts.reduce((sum, part) => sum + part.weight ** 2 * part.variance, 0);
    // A rate of exactly 0 or 1 in every class has no error to add up.
    if (variance === 0) return metricOf(`${kind}_${metric}`, value, n, { low: null, high: null });
    return around(`${kind}_${metric}`, value, n, variance, [0, 1]);
  };
  return [average('macro', () => 1 / classes.length), average('weighted', ({ actual }) => actual / n)];
} // prettier-ignore

import { CELL_SEPARATOR, type Metric, type Outcome } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { calibrationMetrics } from './calibration-metrics.js';
import { classRankingMetrics } from './class-ranking.js';
import {
  mean,
  metricOf,
  notApplicable,
  share,
  shareOf,
  sumOfShares,
  usualLoss,
  Z95,
} from './metric-interval.js';

const NO_SCORES = 'no answer has scores';

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
  const [actuals, answers, hits] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, name: string, rows: number) => counts.set(name, (counts.get(name) ?? 0) + rows);
  for (const { actual, answered, rows } of cells) {
    add(actuals, actual, rows);
    add(answers, answered, rows);
    if (actual === answered) add(hits, actual, rows);
  }
  return [...new Set([...actuals.keys(), ...answers.keys()])].sort().map((name) => ({
    name,
    actual: actuals.get(name) ?? 0,
    answered: answers.get(name) ?? 0,
    hits: hits.get(name) ?? 0,
  }));
} // prettier-ignore

/** Metrics of a model of several classes: over all rows, the plain mean over classes, and the mean by how frequent they are; those of probabilities where a score per class is sent. */
export function multiclassMetrics(outcome: Outcome, usual: PerformanceProfile | null = null): Metric[] {
  const { sums, labelled } = outcome;
  const cells = cellsOf(outcome);
  const tables = { plain: tableOf(cells), smoothed: tableOf(withPrior(cells)) };
  const loss = { n: sums.losses ?? 0, sum: sums.loss, squares: sums.lossSquares };
  return [
    share('accuracy', sums.correct ?? 0, labelled, 'no label'),
    balancedAccuracy(tables.plain.classes),
    ...averages('precision', tables, precision),
    ...averages('recall', tables, recall),
    ...averages('f1', tables, f1),
    ...classRankingMetrics(outcome, NO_SCORES),
    mean('log_loss', loss, NO_SCORES, usualLoss(usual)),
    mean('brier', { n: sums.scored ?? 0, sum: sums.brier, squares: sums.brierSquares }, NO_SCORES),
    ...calibrationMetrics(outcome, NO_SCORES),
  ];
} // prettier-ignore

/** The mean of the recalls of the classes that came. */
function balancedAccuracy(classes: readonly ClassCounts[]): Metric {
  const came = classes.filter(({ actual }) => actual > 0);
  const n = came.reduce((sum, { actual }) => sum + actual, 0);
  if (n === 0) return notApplicable('balanced_accuracy', 0, 'no pairs of classes');
  const shares = came.map(({ hits, actual }) => shareOf(hits, actual, 1 / came.length));
  return sumOfShares('balanced_accuracy', n, shares);
}

/** How a rate of one class changes with its counts; `value` is 0 where there is nothing to divide by, as is usual. */
interface Rate {
  readonly value: number;
  readonly byHit: number;
  readonly byActual: number;
  readonly byAnswered: number;
}
type RateOf = (counts: ClassCounts) => Rate;

const NOTHING: Rate = { value: 0, byHit: 0, byActual: 0, byAnswered: 0 };
const precision: RateOf = ({ hits, answered }) =>
  answered === 0
    ? NOTHING
    : { ...NOTHING, value: hits / answered, byHit: 1 / answered, byAnswered: -hits / answered ** 2 };
const recall: RateOf = ({ hits, actual }) =>
  actual === 0
    ? NOTHING
    : { ...NOTHING, value: hits / actual, byHit: 1 / actual, byActual: -hits / actual ** 2 };
const f1: RateOf = ({ hits, actual, answered }) => {
  const rows = actual + answered;
  if (rows === 0) return NOTHING;
  const byRow = (-2 * hits) / rows ** 2;
  return { value: (2 * hits) / rows, byHit: 2 / rows, byActual: byRow, byAnswered: byRow };
}; // prettier-ignore

/** Rows that the interval takes to be there besides, spread evenly over all pairs: a class of few rows, all of them right, is not known to be always right (Agresti and Coull 1998). */
const PRIOR_CELL_ROWS = 3;
/** Of more classes a pair would get next to nothing. */
const MOST_SMOOTHED = 50;

/** Pairs of classes, and each class by itself. */
interface Table {
  readonly cells: readonly Cell[];
  readonly classes: readonly ClassCounts[];
}

function tableOf(cells: readonly Cell[]): Table {
  return { cells, classes: classCounts(cells) };
}

/** Macro: over the classes that were there or were answered. Weighted: by their labelled rows. A rate without rows counts as 0, as is usual. */
function averages(metric: string, { plain, smoothed }: { readonly plain: Table; readonly smoothed: Table }, rate: RateOf): Metric[] {
  const n = plain.cells.reduce((sum, { rows }) => sum + rows, 0);
  if (n === 0) return ['macro', 'weighted'].map((kind) => notApplicable(`${kind}_${metric}`, 0, 'no pairs of classes'));
  return (['macro', 'weighted'] as const).map((kind) => {
    const { value } = averageOf(kind, plain, rate);
    const { value: centre, variance } = averageOf(kind, smoothed, rate);
    const half = Z95 * Math.sqrt(variance);
    const band = { low: Math.max(0, Math.min(value, centre - half)), high: Math.min(1, Math.max(value, centre + half)) };
    return metricOf(`${kind}_${metric}`, value, n, band);
  });
} // prettier-ignore

function withPrior(cells: readonly Cell[]): Cell[] {
  const names = [...new Set(cells.flatMap(({ actual, answered }) => [actual, answered]))];
  if (names.length > MOST_SMOOTHED) return [...cells];
  const known = new Map(
    cells.map(({ actual, answered, rows }) => [actual + CELL_SEPARATOR + answered, rows]),
  );
  const each = PRIOR_CELL_ROWS / names.length ** 2;
  return names.flatMap((actual) =>
    names.map((answered) => ({
      actual,
      answered,
      rows: (known.get(actual + CELL_SEPARATOR + answered) ?? 0) + each,
    })),
  );
}

/** A mean over classes with its variance by the delta method: over pairs of classes, whose counts make rates and weights alike, so that what moves together is counted together. */
function averageOf(kind: 'macro' | 'weighted', { cells, classes }: Table, rate: RateOf): { readonly value: number; readonly variance: number } {
  const n = classes.reduce((sum, { actual }) => sum + actual, 0);
  const parts = classes.map((counts) => {
    const weight = kind === 'macro' ? 1 / classes.length : counts.actual / n;
    return { name: counts.name, weight, ...rate(counts) };
  });
  const value = parts.reduce((sum, part) => sum + part.weight * part.value, 0);
  const byName = new Map(parts.map((part) => [part.name, part]));
  const variance = cells.reduce((sum, { actual, answered, rows }) => {
    const [is, says] = [byName.get(actual), byName.get(answered)];
    if (!is || !says) return sum;
    const byWeight = kind === 'macro' ? 0 : (is.value - value) / n;
    const hit = actual === answered ? is.weight * is.byHit : 0;
    return sum + rows * (hit + is.weight * is.byActual + byWeight + says.weight * says.byAnswered) ** 2;
  }, 0);
  return { value, variance };
} // prettier-ignore

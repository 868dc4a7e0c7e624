import { CLIP } from '../constraints/judgement.js';
import { costOf } from '../domain/cost-rule.js';
import type { Model } from '../domain/model.js';
import { CELL_SEPARATOR, type Metric, type Outcome } from '../domain/outcome.js';
import { delayQuantile, shareWithin, type DelayCounts } from '../stats/delay-distribution.js';
import { weightedRatio, type WeightedCell } from '../stats/weighted-ratio.js';
import { confusionOf } from './binary-metrics.js';
import { amountsOfAnswers, COST_METRICS } from './cost-metrics.js';
import { around, known, waiting } from './metric-interval.js';
import { cellsOf } from './multiclass-metrics.js';

/** Labels of a class from which it is known how long they take; of fewer, those of all classes together say it. */
const LEAST_DELAYS = 200;
/** Answers of which fewer labels of some class have come are left out: each would stand for more than ten others. */
const LEAST_COME = 0.1;
/** From this share on nearly all labels of a class have come. */
const RIPE = 0.995;

/** How long labels take to come, by true class (`1` and `0` of a binary model). */
export interface Delays {
  readonly byClass: ReadonlyMap<string, DelayCounts>;
  readonly all: DelayCounts;
}

/** What labels said of the answers of a short time, and how long ago that was. */
export interface AgedOutcome {
  readonly ageMs: number;
  readonly outcome: Outcome;
}

/** How long the labels of answers took that have all of them; null where too few say it. `least`: so many say it of a class. */
export function delaysOf(counted: Readonly<Record<string, number>>, least = LEAST_DELAYS): Delays | null {
  const byClass = new Map<string, Map<number, number>>();
  const all = new Map<number, number>();
  let total = 0;
  for (const [place, count] of Object.entries(counted)) {
    const at = place.lastIndexOf(CELL_SEPARATOR);
    const [name, bin] = [place.slice(0, at), Number(place.slice(at + 1))];
    const own = byClass.get(name) ?? new Map<number, number>();
    for (const one of [own, all]) one.set(bin, (one.get(bin) ?? 0) + count);
    byClass.set(name, own);
    total += count;
  }
  if (total < least) return null;
  const known = [...byClass].filter(([, own]) => [...own.values()].reduce((a, b) => a + b, 0) >= least);
  return { byClass: new Map(known), all };
}

/** The age in milliseconds from which on nearly all labels of every class have come, or such a part of them. */
export function ripeAge({ byClass, all }: Delays, part = RIPE): number {
  return 1000 * [all, ...byClass.values()].reduce((age, own) => Math.max(age, delayQuantile(own, part)), 0);
}

/** Half of the labels have come by then; milliseconds. */
export function middleDelay({ all }: Delays): number {
  return 1000 * delayQuantile(all, 0.5);
}

/** Names of the metrics that labels which come sooner for one class bend. */
export function correctedNames({ task, costs }: Pick<Model, 'task' | 'costs'>): readonly string[] {
  if (task === 'regression') return [];
  const own =
    task === 'binary' ? ['accuracy', 'precision', 'f1', 'prevalence', 'log_loss', 'brier'] : ['accuracy'];
  return costs ? [...own, ...COST_METRICS] : own;
}

/**
 * Metrics of answers whose labels have come in part, as they will be when the rest is there: each label stands for all of its class of its age, by the
 * probability that such a label has come (inverse-probability weights). Recall, specificity and AUC need none: they look at one class at a time.
 */
export function correctedMetrics(model: Model, parts: readonly AgedOutcome[], delays: Delays): Metric[] {
  const weighted = parts.flatMap((part) => weightsOf(part, delays) ?? []);
  const answered = parts.reduce((sum, { outcome }) => sum + outcome.answered, 0);
  const cells = weighted.flatMap((part) => (model.task === 'binary' ? binaryCells(part) : classCells(part)));
  const losses = model.task === 'binary' ? weighted.flatMap(scoreCells) : [];
  return correctedNames(model).map((metric) => {
    const asked = metric === 'log_loss' || metric === 'brier' ? losses : cells;
    const ratio = weightedRatio(asked.map((cell) => ({ ...cell, ...amountsOf(metric, cell, model) })));
    if (!ratio) return waiting(metric, 'too few of the labels of a class have come to stand for the others');
    const { value, variance, effective } = ratio;
    const times = metric === 'cost' ? answered : 1;
    const bounds = boundsOf(metric, model).map((bound) => times * bound) as [number, number];
    return around(metric, times * value, Math.round(effective), variance > 0 ? known(times * times * variance) : null, bounds);
  });
} // prettier-ignore

/** What a metric cannot be less than, or more than. */
function boundsOf(metric: string, { task, costs }: Model): readonly [least: number, most: number] {
  if (metric === 'log_loss') return [0, Infinity];
  if (!costs || !COST_METRICS.includes(metric)) return [0, 1];
  const amounts = amountsOfAnswers(task, costs);
  return [Math.min(...amounts), Math.max(...amounts)];
}

interface Weighted {
  readonly outcome: Outcome;
  readonly weightOf: (name: string) => number;
}

/** Null where so few labels of a class have come that they cannot stand for the others. */
function weightsOf({ ageMs, outcome }: AgedOutcome, { byClass, all }: Delays): Weighted | null {
  const share = (counts: DelayCounts) => shareWithin(counts, ageMs / 1000);
  const shares = new Map([...byClass].map(([name, counts]) => [name, share(counts)]));
  const others = share(all);
  if ([...shares.values(), others].some((one) => !(one >= LEAST_COME))) return null;
  return { outcome, weightOf: (name) => 1 / (shares.get(name) ?? others) };
}

/** Labelled rows of one true and one answered class, or of one true class and one score. */
interface LabelledCell extends Pick<WeightedCell, 'weight' | 'squares'> {
  readonly actual: string;
  readonly answered: string;
  /** Of a positive answer. */
  readonly score: number;
}

const [POSITIVE, NEGATIVE] = ['1', '0'];

function cell({ weightOf }: Weighted, rows: number, named: Omit<LabelledCell, 'weight' | 'squares'>): LabelledCell {
  const weight = weightOf(named.actual);
  return { ...named, weight: rows * weight, squares: rows * weight * weight };
} // prettier-ignore

function binaryCells(part: Weighted): LabelledCell[] {
  const { tp, fp, fn, tn } = confusionOf(part.outcome);
  const of = (rows: number, actual: string, answered: string) =>
    cell(part, rows, { actual, answered, score: NaN });
  return [
    of(tp, POSITIVE, POSITIVE),
    of(fp, NEGATIVE, POSITIVE),
    of(fn, POSITIVE, NEGATIVE),
    of(tn, NEGATIVE, NEGATIVE),
  ];
}

function classCells(part: Weighted): LabelledCell[] {
  return cellsOf(part.outcome).map(({ actual, answered, rows }) =>
    cell(part, rows, { actual, answered, score: NaN }),
  );
}

/** Both classes of each bin of scores, at its mean score. */
function scoreCells(part: Weighted): LabelledCell[] {
  const { positives, negatives, scores } = part.outcome;
  return [...new Set([...Object.keys(positives), ...Object.keys(negatives)])].flatMap((bin) => {
    const [n1, n0] = [positives[bin] ?? 0, negatives[bin] ?? 0];
    const score = Math.min(Math.max((scores[bin] ?? 0) / (n1 + n0), CLIP), 1 - CLIP);
    return [
      cell(part, n1, { actual: POSITIVE, answered: '', score }),
      cell(part, n0, { actual: NEGATIVE, answered: '', score }),
    ];
  });
}

type Amounts = Pick<WeightedCell, 'over' | 'under'>;

/** What a row of a cell adds to the numerator and the denominator of a metric. */
function amountsOf(metric: string, { actual, answered, score }: LabelledCell, model: Model): Amounts {
  const [is, says] = [actual === POSITIVE, answered === POSITIVE];
  switch (metric) {
    case 'precision':
      return { over: Number(is && says), under: Number(says) };
    case 'f1':
      return { over: 2 * Number(is && says), under: Number(is) + Number(says) };
    case 'prevalence':
      return { over: Number(is), under: 1 };
    case 'log_loss':
      return { over: -Math.log(is ? score : 1 - score), under: 1 };
    case 'brier':
      return { over: (is ? 1 - score : score) ** 2, under: 1 };
    case 'accuracy':
      return { over: Number(actual === answered), under: 1 };
    default:
      return { over: costOfCell(model, actual, answered), under: 1 };
  }
}

function costOfCell({ task, costs }: Model, actual: string, answered: string): number {
  if (!costs) return 0;
  if (task === 'multiclass') return costOf({ matrix: costs.matrix ?? {}, mistake: costs.mistake }, actual, answered);
  if (actual === POSITIVE) return answered === POSITIVE ? costs.truePositive : costs.falseNegative;
  return answered === POSITIVE ? costs.falsePositive : costs.trueNegative;
} // prettier-ignore

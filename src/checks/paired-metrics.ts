import type { Model } from '../domain/model.js';
import type { MetricDifference, VersionPairs } from '../domain/version-comparison.js';
import type { SampleMean } from '../stats/confidence-sequence.js';
import { Z95 } from './metric-interval.js';

/** A metric of two versions on the same requests. */
export type PairedDifference = Pick<MetricDifference, 'value' | 'other' | 'difference' | 'low' | 'high'>;

/** A metric that is a mean over requests: of how many, the sums of each version, and those of the differences and of their squares. */
interface PairedSums {
  readonly n: number;
  readonly own: number | null;
  readonly other: number | null;
  readonly sum: number | null;
  readonly squares: number | null;
}

/** What can be said request by request; the values are of the same requests, so that they differ by the difference. */
export function pairedDifferences(model: Model, pairs: VersionPairs): ReadonlyMap<string, PairedDifference> {
  const { task } = model;
  const { labelled, positives, losses: n, loss: sum, lossSquares: squares } = pairs;
  const loss = { n, own: pairs.lossOwn, other: pairs.lossOther, sum, squares };
  const { errors, error, errorSquares, errorOwn, errorOther } = pairs;
  const all: Readonly<Record<string, PairedSums>> =
    task === 'regression'
      ? { mean_absolute_error: loss }
      : { accuracy: hits(labelled, rightsOf(pairs)), log_loss: loss };
  const binary: Readonly<Record<string, PairedSums>> = {
    recall: hits(positives, rightsOfPositives(pairs)),
    specificity: hits(labelled - positives, less(rightsOf(pairs), rightsOfPositives(pairs))),
    brier: { n: errors, own: errorOwn, other: errorOther, sum: error, squares: errorSquares },
  };
  const cost = costSums(model, pairs);
  const money: Readonly<Record<string, PairedSums>> = cost ? { cost_per_answer: cost } : {};
  const found = Object.entries({ ...all, ...(task === 'binary' ? binary : {}), ...money });
  return new Map(found.flatMap(([metric, sums]) => (sums.n < 1 ? [] : pairedDifference(metric, sums))));
}

function pairedDifference(
  metric: string,
  { n, own, other, sum, squares }: PairedSums,
): readonly (readonly [string, PairedDifference])[] {
  const gap = meanOf(n, sum, squares);
  if (!gap || own === null || other === null) return [];
  return [[metric, { value: own / n, other: other / n, ...around(gap.mean, Math.sqrt(gap.variance / n)) }]];
}

/** Requests answered right by each, and by one alone. */
interface Rights {
  readonly own: number;
  readonly other: number;
  readonly onlyOwn: number;
  readonly onlyOther: number;
}

function rightsOf({ rightOwn: own, rightOther: other, onlyOwn, onlyOther }: VersionPairs): Rights {
  return { own, other, onlyOwn, onlyOther };
}

function rightsOfPositives(pairs: VersionPairs): Rights {
  const { positivesRightOwn: own, positivesRightOther: other } = pairs;
  return { own, other, onlyOwn: pairs.positivesOnlyOwn, onlyOther: pairs.positivesOnlyOther };
}

function less(all: Rights, some: Rights): Rights {
  return {
    own: all.own - some.own,
    other: all.other - some.other,
    onlyOwn: all.onlyOwn - some.onlyOwn,
    onlyOther: all.onlyOther - some.onlyOther,
  };
}

function hits(n: number, { own, other, onlyOwn, onlyOther }: Rights): PairedSums {
  return { n, own, other, sum: onlyOwn - onlyOther, squares: onlyOwn + onlyOther };
}

type Costs = NonNullable<Model['costs']>;

/** What each version's answers to the same requests cost; null where the model file names no costs, or pairs of classes do not tell them. */
function costSums({ task, costs }: Model, pairs: VersionPairs): PairedSums | null {
  if (!costs) return null;
  if (task === 'binary') return binaryCost(costs, pairs);
  const { losses: n, lossOwn, lossOther, loss, lossSquares } = pairs;
  if (task === 'multiclass') return costs.matrix ? null : scaled(hits(pairs.labelled, wrongsOf(pairs)), costs.mistake);
  return scaled({ n, own: lossOwn, other: lossOther, sum: loss, squares: lossSquares }, costs.absoluteError ?? 0);
} // prettier-ignore

function scaled({ n, own, other, sum, squares }: PairedSums, unit: number): PairedSums {
  const of = (one: number | null) => (one === null ? null : unit * one);
  return { n, own: of(own), other: of(other), sum: of(sum), squares: squares === null ? null : unit * unit * squares };
} // prettier-ignore

/** Requests that each answered wrongly, and that one alone did. */
function wrongsOf({ labelled, rightOwn, rightOther, onlyOwn, onlyOther }: VersionPairs): Rights {
  return { own: labelled - rightOwn, other: labelled - rightOther, onlyOwn: onlyOther, onlyOther: onlyOwn };
}

/** Of each class what its right answers cost and its wrong ones. */
function binaryCost(costs: Costs, pairs: VersionPairs): PairedSums {
  const { labelled, positives } = pairs;
  const ofPositives = rightsOfPositives(pairs);
  const classes = [
    { rows: positives, rights: ofPositives, right: costs.truePositive, wrong: costs.falseNegative },
    { rows: labelled - positives, rights: less(rightsOf(pairs), ofPositives), right: costs.trueNegative, wrong: costs.falsePositive },
  ];
  const total = (of: (one: (typeof classes)[number]) => number) => classes.reduce((sum, one) => sum + of(one), 0);
  return {
    n: labelled,
    own: total(({ rows, rights, right, wrong }) => right * rights.own + wrong * (rows - rights.own)),
    other: total(({ rows, rights, right, wrong }) => right * rights.other + wrong * (rows - rights.other)),
    sum: total(({ rights, right, wrong }) => (right - wrong) * (rights.onlyOwn - rights.onlyOther)),
    squares: total(({ rights, right, wrong }) => (right - wrong) ** 2 * (rights.onlyOwn + rights.onlyOther)),
  };
} // prettier-ignore

/** Null below the number of rows from which it is looked at. */
export function meanOf(n: number, sum: number | null | undefined, squares: number | null | undefined): SampleMean | null {
  if (n < 1 || typeof sum !== 'number' || typeof squares !== 'number') return null;
  const mean = sum / n;
  return { n, mean, variance: Math.max(0, squares / n - mean * mean) };
} // prettier-ignore

/** A difference with its 95 % interval; without one where its error is not known. */
function around(difference: number, error: number): Pick<MetricDifference, 'difference' | 'low' | 'high'> {
  if (!Number.isFinite(error)) return { difference, low: null, high: null };
  return { difference, low: difference - Z95 * error, high: difference + Z95 * error };
}

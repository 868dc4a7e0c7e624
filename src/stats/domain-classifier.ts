import { lcg } from './lcg.js';
import { type Columns, linearScores, ridgeLogistic } from './ridge-logistic.js';

/** How well a classifier tells two samples apart. */
export interface DomainClassifier {
  /** Chance that a row of the second sample looks more like the second than one of the first does; ½ if they are alike. */
  readonly auc: number;
  /** Sampling variance of `auc` if the samples are alike. */
  readonly variance: number;
  /** (auc − ½)/√variance. */
  readonly z: number;
  /** Share of the separation that each column carries, the largest first; negative shares are left out. */
  readonly carriers: readonly { readonly column: number; readonly share: number }[];
}

/** Two samples over the same columns; NaN is a value that is not there and says nothing: how many are missing is judged elsewhere. */
export interface TwoSamples {
  readonly first: Columns;
  readonly second: Columns;
  /** Chooses the pairs of columns whose products are looked at. */
  readonly seed: number;
}

const PAIRS = 20;
const STEPS = 6;
/** Of the rows of a fold: a standardised coefficient is believed as far as a tenth of its rows would move it. */
const RIDGE_SHARE = 0.01;
/** One wild value must not stretch the scale of all others. */
const FARTHEST = 5;

/**
 * Classifier two-sample test: can a ridge logistic regression on the standardised columns, their squares and up to twenty
 * products of pairs tell which sample a row is from?
 *
 * Fitted on one half of the rows and judged on the other, twice, rows taken alternately; every half needs two rows of either sample
 * (RangeError otherwise). Sees what no single column shows, such as a correlation that changed. Lies: it is blind to changes that
 * need three columns at once, and to pairs that were not drawn.
 * Cost: O(rows · (2 columns + 20)²). Source: Lopez-Paz and Oquab (2017), ICLR; the variance is that of Mann and Whitney (1947).
 *
 * @example domainClassifier({ first: [new Float64Array([1, 2, 3, 4])], second: [new Float64Array([6, 7, 8, 9])], seed: 1 }).auc // 1
 */
export function domainClassifier({ first, second, seed }: TwoSamples): DomainClassifier {
  const sizes = { first: first[0]?.length ?? 0, second: second[0]?.length ?? 0 };
  if (sizes.first < 4 || sizes.second < 4)
    throw new RangeError(`two samples of at least four rows, got ${sizes.first} and ${sizes.second}`);
  const folds = layOut(sizes);
  const terms = expand(joined(first, second, folds.order), seed);
  const columns = terms.map(({ values }) => values);
  const labels = new Uint8Array(folds.order.map((row) => (row < sizes.first ? 0 : 1)));
  const carried = new Float64Array(first.length);
  const areas = [true, false].map((ahead) => {
    const [fit, judge] = ahead ? [folds.a, folds.b] : [folds.b, folds.a];
    const train = columns.map((column) => column.subarray(...fit));
    const test = columns.map((column) => column.subarray(...judge));
    const ridge = RIDGE_SHARE * (fit[1] - fit[0]);
    const beta = ridgeLogistic(train, labels.subarray(...fit), { ridge, steps: STEPS });
    const truth = labels.subarray(...judge);
    addCarried(carried, terms, { beta, test, truth });
    return area(linearScores(test, beta), truth);
  });
  const auc = ((areas[0] ?? 0.5) + (areas[1] ?? 0.5)) / 2;
  const variance = varianceOfOneFold(sizes.first / 2, sizes.second / 2);
  return { auc, variance, z: (auc - 0.5) / Math.sqrt(variance), carriers: ranked(carried) };
}

/**
 * The folds judge each other: where chance makes both differ in the same direction, both areas rise, so their mean is hardly surer
 * than either. Taking it for one of them makes z a little too small (standard deviation 0.8 to 1), never too large.
 */
function varianceOfOneFold(n0: number, n1: number): number {
  return (n0 + n1 + 1) / (12 * n0 * n1);
}

type Range = readonly [from: number, to: number];

interface Folds {
  /** Rows of first and second, numbered through, the first fold before the second. */
  readonly order: Int32Array;
  readonly a: Range;
  readonly b: Range;
}

function layOut(sizes: { readonly first: number; readonly second: number }): Folds {
  const total = sizes.first + sizes.second;
  const order = new Int32Array(total);
  let at = 0;
  for (const parity of [0, 1]) {
    for (let row = parity; row < sizes.first; row += 2) order[at++] = row;
    for (let row = parity; row < sizes.second; row += 2) order[at++] = sizes.first + row;
  }
  const middle = Math.ceil(sizes.first / 2) + Math.ceil(sizes.second / 2);
  return { order, a: [0, middle], b: [middle, total] };
}

function joined(first: Columns, second: Columns, order: Int32Array): Columns {
  return first.map((column, j) => {
    const other = second[j] ?? column;
    const values = new Float64Array(order.length);
    for (let r = 0; r < order.length; r += 1) {
      const row = order[r] ?? 0;
      values[r] = row < column.length ? (column[row] ?? NaN) : (other[row - column.length] ?? NaN);
    }
    return values;
  });
}

interface Term {
  /** What is not there counts as average. */
  readonly values: Float64Array;
  /** The same with NaN where a value is not there, so that its square and products are average too. */
  readonly sparse: Float64Array;
  /** The columns it is made of. */
  readonly of: readonly number[];
}

/** Standardised columns, their squares, and products of drawn pairs; what does not vary is left out. */
function expand(columns: Columns, seed: number): readonly Term[] {
  const linear = columns.flatMap((column, j) => standardised(column, [j]));
  const squares = linear.flatMap((term) => standardised(product(term, term), term.of));
  const products = drawnPairs(linear.length, seed).flatMap(([i, j]) => {
    const [a, b] = [linear[i], linear[j]];
    return a && b ? standardised(product(a, b), [...a.of, ...b.of]) : [];
  });
  return [...linear, ...squares, ...products];
}

function product(a: Term, b: Term): Float64Array {
  const values = new Float64Array(a.values.length);
  for (let r = 0; r < values.length; r += 1) values[r] = (a.sparse[r] ?? 0) * (b.sparse[r] ?? 0);
  return values;
}

function standardised(column: Float64Array, of: readonly number[]): Term[] {
  const { mean, sd } = moments(column);
  if (!(sd > 1e-11 * (100 + Math.abs(mean)))) return [];
  const values = new Float64Array(column.length);
  const sparse = new Float64Array(column.length);
  for (let r = 0; r < values.length; r += 1) {
    const z = Math.max(-FARTHEST, Math.min(FARTHEST, ((column[r] ?? NaN) - mean) / sd));
    sparse[r] = z;
    values[r] = Number.isNaN(z) ? 0 : z;
  }
  return [{ values, sparse, of }];
}

function moments(column: Float64Array): { readonly mean: number; readonly sd: number } {
  let [n, sum] = [0, 0];
  for (let r = 0; r < column.length; r += 1) {
    const x = column[r] ?? NaN;
    if (Number.isNaN(x)) continue;
    n += 1;
    sum += x;
  }
  const mean = n > 0 ? sum / n : 0;
  let squares = 0;
  for (let r = 0; r < column.length; r += 1) {
    const x = column[r] ?? NaN;
    if (!Number.isNaN(x)) squares += (x - mean) ** 2;
  }
  return { mean, sd: n > 0 ? Math.sqrt(squares / n) : 0 };
}

/** Up to twenty distinct pairs of `count` columns. */
function drawnPairs(count: number, seed: number): readonly (readonly [number, number])[] {
  const pairs = Array.from({ length: (count * (count - 1)) / 2 }, (_, at) => pairAt(at));
  const random = lcg(seed);
  for (let drawn = 0; drawn < Math.min(PAIRS, pairs.length); drawn += 1) {
    const other = drawn + Math.floor(random() * (pairs.length - drawn));
    const [a, b] = [pairs[drawn], pairs[other]];
    if (a && b) [pairs[drawn], pairs[other]] = [b, a];
  }
  return pairs.slice(0, PAIRS);
}

/** The pairs (0, 1), (0, 2), (1, 2), (0, 3) … by number. */
function pairAt(at: number): readonly [number, number] {
  const high = Math.floor((1 + Math.sqrt(1 + 8 * at)) / 2);
  return [at - (high * (high - 1)) / 2, high];
}

/** Chance that a row labelled 1 scores above one labelled 0, ties counting half. */
function area(scores: Float64Array, labels: Uint8Array): number {
  const zeros = scores.filter((_, r) => labels[r] === 0).sort();
  const ones = scores.filter((_, r) => labels[r] === 1).sort();
  let [below, level, sum] = [0, 0, 0];
  for (let i = 0; i < ones.length; i += 1) {
    const score = ones[i] ?? 0;
    while (below < zeros.length && (zeros[below] ?? 0) < score) below += 1;
    level = Math.max(level, below);
    while (level < zeros.length && (zeros[level] ?? 0) <= score) level += 1;
    sum += (below + level) / 2;
  }
  return sum / (zeros.length * ones.length);
}

interface Judged {
  readonly beta: Float64Array;
  readonly test: Columns;
  readonly truth: Uint8Array;
}

/** The mean score of the samples differs by Σ β (mean₁ − mean₀): each term's part, shared by the columns it is made of. */
function addCarried(carried: Float64Array, terms: readonly Term[], { beta, test, truth }: Judged): void {
  terms.forEach(({ of }, t) => {
    const column = test[t];
    if (!column) return;
    const part = (beta[t] ?? 0) * meanDifference(column, truth);
    for (const j of of) carried[j] = (carried[j] ?? 0) + part / of.length;
  });
}

function meanDifference(column: Float64Array, truth: Uint8Array): number {
  const sums = [0, 0];
  const counts = [0, 0];
  for (let r = 0; r < column.length; r += 1) {
    const label = truth[r] ?? 0;
    sums[label] = (sums[label] ?? 0) + (column[r] ?? 0);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return (sums[1] ?? 0) / (counts[1] ?? 1) - (sums[0] ?? 0) / (counts[0] ?? 1);
}

function ranked(carried: Float64Array): DomainClassifier['carriers'] {
  const positive = [...carried].map((part, column) => ({ column, part })).filter(({ part }) => part > 0);
  const total = positive.reduce((sum, { part }) => sum + part, 0);
  return positive
    .toSorted((a, b) => b.part - a.part || a.column - b.column)
    .map(({ column, part }) => ({ column, share: part / total }));
}

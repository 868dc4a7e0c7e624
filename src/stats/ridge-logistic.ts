import { choleskyInPlace, solveInPlace } from './cholesky.js';

/** Numbers by column; every column has the same number of rows. */
export type Columns = readonly Float64Array[];

export interface RidgeOptions {
  /** Penalty on half the squared coefficients. */
  readonly ridge: number;
  /** Newton steps at most. */
  readonly steps: number;
}

/** The curvature changes little once the fit is near: only the first steps compute it anew. */
const CURVED_STEPS = 2;
/** Largest change of a coefficient at which the fit has come to rest. */
const STILL = 1e-6;

/**
 * Coefficients of a logistic regression of `labels` (0 or 1) on columns, with a ridge penalty on all but the intercept, which
 * comes last.
 *
 * Newton's method as iteratively re-weighted least squares, from 0. Columns should be standardised, since the penalty is the same
 * for all. Lies: with fewer rows than columns it is the penalty that speaks.
 * Cost: O(rows · columns²) for each of the first two steps, O(rows · columns) for the others.
 * Source: le Cessie and van Houwelingen (1992), Applied Statistics 41.
 *
 * @example ridgeLogistic([new Float64Array([-1, 1, -1, 1])], [0, 1, 0, 1], { ridge: 1, steps: 20 })[0] // 1.0426
 */
export function ridgeLogistic(
  columns: Columns,
  labels: ArrayLike<number>,
  { ridge, steps }: RidgeOptions,
): Float64Array {
  const rows = labels.length;
  const all = [...columns, new Float64Array(rows).fill(1)];
  const beta = new Float64Array(all.length);
  const weights = new Float64Array(rows);
  let factor: readonly Float64Array[] = [];
  for (let step = 0; step < steps; step += 1) {
    const gradient = slope(all, labels, { beta, weights, ridge });
    if (step < CURVED_STEPS) factor = choleskyInPlace(curvature(all, weights, ridge));
    if (advance(beta, solveInPlace(factor, gradient)) < STILL) break;
  }
  return beta;
}

/**
 * Linear predictor of every row under coefficients whose intercept comes last. Cost: O(rows · columns).
 *
 * @example [...linearScores([new Float64Array([1, 2])], [3, 0.5])] // [3.5, 6.5]
 */
export function linearScores(columns: Columns, beta: ArrayLike<number>): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const scores = new Float64Array(rows).fill(beta[columns.length] ?? 0);
  columns.forEach((column, j) => addTo(scores, column, beta[j] ?? 0));
  return scores;
}

function addTo(sums: Float64Array, column: Float64Array, factor: number): void {
  for (let r = 0; r < sums.length; r += 1) sums[r] = (sums[r] ?? 0) + factor * (column[r] ?? 0);
}

interface Fit {
  readonly beta: Float64Array;
  /** Filled with p(1 − p) of every row. */
  readonly weights: Float64Array;
  readonly ridge: number;
}

/** Gradient of the penalised log-likelihood. */
function slope(columns: Columns, labels: ArrayLike<number>, { beta, weights, ridge }: Fit): Float64Array {
  const residuals = new Float64Array(weights.length);
  columns.forEach((column, j) => addTo(residuals, column, beta[j] ?? 0));
  for (let r = 0; r < residuals.length; r += 1) {
    const p = 1 / (1 + Math.exp(-(residuals[r] ?? 0)));
    weights[r] = Math.max(p * (1 - p), 1e-6);
    residuals[r] = (labels[r] ?? 0) - p;
  }
  const last = columns.length - 1;
  return Float64Array.from(columns, (column, j) => {
    return dot(residuals, column) - (j < last ? ridge * (beta[j] ?? 0) : 0);
  });
}

/** Xᵀ W X plus the penalty, lower triangle; four columns at a time, because the loads are what costs. */
function curvature(columns: Columns, weights: Float64Array, ridge: number): Float64Array[] {
  const size = columns.length;
  const matrix = columns.map(() => new Float64Array(size));
  const scaled = new Float64Array(weights.length);
  columns.forEach((column, i) => {
    for (let r = 0; r < scaled.length; r += 1) scaled[r] = (weights[r] ?? 0) * (column[r] ?? 0);
    const row = matrix[i] ?? scaled;
    let j = 0;
    for (; j + 3 <= i; j += 4) fourDots(scaled, columns, j, row);
    for (; j <= i; j += 1) row[j] = dot(scaled, columns[j] ?? scaled);
    row[i] = (row[i] ?? 0) + (i < size - 1 ? ridge : 1e-9);
  });
  return matrix;
}

function fourDots(x: Float64Array, columns: Columns, j: number, into: Float64Array): void {
  const a = columns[j] ?? x;
  const b = columns[j + 1] ?? x;
  const c = columns[j + 2] ?? x;
  const d = columns[j + 3] ?? x;
  let [sa, sb, sc, sd] = [0, 0, 0, 0];
  for (let r = 0; r < x.length; r += 1) {
    const value = x[r] ?? 0;
    sa += value * (a[r] ?? 0);
    sb += value * (b[r] ?? 0);
    sc += value * (c[r] ?? 0);
    sd += value * (d[r] ?? 0);
  }
  into[j] = sa;
  into[j + 1] = sb;
  into[j + 2] = sc;
  into[j + 3] = sd;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let r = 0; r < a.length; r += 1) sum += (a[r] ?? 0) * (b[r] ?? 0);
  return sum;
}

/** Adds the step; its largest part. */
function advance(beta: Float64Array, step: Float64Array): number {
  let largest = 0;
  for (let j = 0; j < beta.length; j += 1) {
    beta[j] = (beta[j] ?? 0) + (step[j] ?? 0);
    largest = Math.max(largest, Math.abs(step[j] ?? 0));
  }
  return largest;
}

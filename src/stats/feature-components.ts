import { normalQuantile } from './normal.js';

/** One scalar of a window with the sampling variance it has when nothing changed. */
export interface Measured {
  readonly y: number;
  readonly v: number;
}

/** What changed in a numeric feature, on bins; null where the bins are too few to say. */
export interface FeatureComponents {
  readonly location: Measured | null;
  readonly scale: Measured | null;
  readonly tail: Measured | null;
  readonly shape: Measured | null;
}

/** The tilt is searched inside ±3 standard deviations: beyond, every row sits in an outer bin. */
const WIDEST_TILT = 3;
const NEWTON_STEPS = 3;
/** Cells of X² that expect fewer rows have a tail no chi-squared knows. */
const LEAST_EXPECTED = 1;
/** Bins of the full grid; its outer two on each side hold 2 % each side of the reference. */
const FULL_GRID = 14;

/**
 * Normal score of every bin, Φ⁻¹ of its mid-rank in the reference, for {@link featureComponents}.
 *
 * @example normalScores([0.25, 0.5, 0.25]) // [-1.1503, 0, 1.1503]
 */
export function normalScores(reference: readonly number[]): number[] {
  let below = 0;
  return reference.map((share) => {
    const score = normalQuantile(below + share / 2);
    below += share;
    return score;
  });
}

/**
 * Location, scale, tail and residual shape of binned counts against expected shares.
 *
 * Location is the mean normal score in reference standard deviations. The expectation is then tilted to that location,
 * so that an ordinary wander of the level does not count as a change of scale, tail or shape. Scale is the standardised
 * second moment beyond the tilt, tail the excess (arcsine) of the outer four bins, shape the cube root (Wilson–Hilferty)
 * of what is left of Pearson's X² per degree of freedom.
 * Lies: below about 30 rows, and where all mass moves into one outer bin only location is meaningful.
 * Cost: O(bins). Source: Neyman's smooth test with exponential tilting.
 */
export function featureComponents(
  counts: readonly number[],
  expected: readonly number[],
  scores: readonly number[],
): FeatureComponents {
  const bins = counts.length;
  const n = total(counts);
  const first = standardise(scores, expected);
  if (n === 0 || !first) return { location: null, scale: null, tail: null, shape: null };
  const v1 = dot(counts, first) / n;
  const location = { y: v1, v: 1 / n };
  if (bins < 4) return { location, scale: null, tail: null, shape: null };
  const tilted = tilt(expected, first, v1);
  const second = secondScore(first, tilted);
  const v2 = second ? dot(counts, second) / n : 0;
  return {
    location,
    scale: second ? { y: v2, v: 1 / n } : null,
    tail: bins === FULL_GRID ? tailExcess(counts, tilted, n) : null,
    shape: residualShape(counts, tilted, { n, v2 }),
  };
}

/** Scores shifted and scaled to mean 0 and variance 1 under the shares; null if one bin holds everything. */
function standardise(scores: readonly number[], shares: readonly number[]): number[] | null {
  const mean = dot(shares, scores);
  const variance = squaresAround(scores, shares, mean);
  if (!(variance > 1e-12)) return null;
  const sd = Math.sqrt(variance);
  return scores.map((score) => (score - mean) / sd);
}

/** Exponential tilt of the shares whose mean score is the target: three Newton steps from 0. */
function tilt(shares: readonly number[], score: readonly number[], target: number): number[] {
  let theta = 0;
  const tilted = shares.slice();
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    const mean = dot(tilted, score);
    const variance = Math.max(squaresAround(score, tilted, mean), 1e-9);
    theta = Math.max(-WIDEST_TILT, Math.min(WIDEST_TILT, theta + (target - mean) / variance));
    tiltBy(tilted, shares, score, theta);
  }
  return tilted;
}

/** Writes shares · exp(theta · score), normalised, into `tilted`. */
function tiltBy(tilted: number[], shares: readonly number[], score: readonly number[], theta: number): void {
  let sum = 0;
  for (let b = 0; b < shares.length; b += 1) {
    const weight = (shares[b] ?? 0) * Math.exp(theta * (score[b] ?? 0));
    tilted[b] = weight;
    sum += weight;
  }
  for (let b = 0; b < tilted.length; b += 1) tilted[b] = (tilted[b] ?? 0) / sum;
}

/** The centred square, orthogonal to the first score, with mean 0 and variance 1, all under the tilted shares. */
function secondScore(first: readonly number[], tilted: readonly number[]): number[] | null {
  const mean = dot(tilted, first);
  const spread = squaresAround(first, tilted, mean);
  let third = 0;
  for (let b = 0; b < first.length; b += 1) third += (tilted[b] ?? 0) * ((first[b] ?? 0) - mean) ** 3;
  const slope = third / spread;
  const rest = first.map((score) => (score - mean) ** 2 - spread - slope * (score - mean));
  const variance = squaresAround(rest, tilted, 0);
  if (!(variance > 1e-12)) return null;
  const sd = Math.sqrt(variance);
  return rest.map((r) => r / sd);
}

function tailExcess(counts: readonly number[], tilted: readonly number[], n: number): Measured {
  const seen = Math.asin(Math.sqrt((outer(counts) + 0.375) / (n + 0.75)));
  return { y: 2 * (seen - Math.asin(Math.sqrt(Math.min(1, outer(tilted))))), v: 1 / (n + 0.5) };
}

function outer(values: readonly number[]): number {
  return (values[0] ?? 0) + (values[1] ?? 0) + (values[FULL_GRID - 2] ?? 0) + (values[FULL_GRID - 1] ?? 0);
}

/** Pearson's X² after the tilt, sparse bins joined with their neighbours, without what the scale explains. */
function residualShape(
  counts: readonly number[],
  tilted: readonly number[],
  { n, v2 }: { readonly n: number; readonly v2: number },
): Measured | null {
  let pearson = 0;
  let cells = 0;
  let [seen, expected] = [0, 0];
  let left = n;
  for (let b = 0; b < counts.length; b += 1) {
    seen += counts[b] ?? 0;
    expected += Math.max(n * (tilted[b] ?? 0), 1e-9);
    left -= n * (tilted[b] ?? 0);
    const last = b === counts.length - 1;
    if (!last && (expected < LEAST_EXPECTED || left < LEAST_EXPECTED)) continue;
    pearson += (seen - expected) ** 2 / expected;
    cells += 1;
    [seen, expected] = [0, 0];
  }
  const df = cells - 3;
  if (df < 2) return null;
  const rest = Math.max(pearson - n * v2 * v2, 0);
  return { y: Math.cbrt(rest / df), v: 2 / (9 * df) };
}

function squaresAround(values: readonly number[], weights: readonly number[], centre: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (weights[i] ?? 0) * ((values[i] ?? 0) - centre) ** 2;
  return sum;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function total(counts: readonly number[]): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

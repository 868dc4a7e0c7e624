import { mass, squaresAround, standardise, tiltTo } from './exponential-tilt.js';
import { type LevelShape, sharesAtLevel } from './level-shape.js';
import type { Measured } from './measured.js';
import { normalQuantile } from './normal.js';
import { noncentralCubeRoot, type ShapeDoubt, steadied } from './shape-component.js';

/** What changed in a numeric feature, on bins; null where the bins are too few to say. */
export interface FeatureComponents {
  readonly location: Measured | null;
  readonly scale: Measured | null;
  readonly tail: Measured | null;
  readonly shape: Measured | null;
}

/** What a numeric feature is held against. */
export interface BinExpectation extends ShapeDoubt {
  readonly shares: readonly number[];
  /** Normal scores of the bins; empty for categories. */
  readonly scores: readonly number[];
  /** How the shares change with the level; null where the reference does not say, and for categories. */
  readonly levelShape: LevelShape | null;
}

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
 * so that an ordinary wander of the level does not count as a change of scale, tail or shape; where the reference has shown what
 * the level does to the form (`levelShape`), along that. Scale is the standardised
 * second moment beyond the tilt, tail the excess (arcsine) of the outer four bins, shape the cube root (Wilson–Hilferty)
 * of what is left of Pearson's X² per degree of freedom.
 * Lies: below about 30 rows, and where all mass moves into one outer bin only location is meaningful.
 * Cost: O(bins). Source: Neyman's smooth test with exponential tilting.
 */
export function featureComponents(counts: readonly number[], expectation: BinExpectation): FeatureComponents {
  const { shares: expected, scores, levelShape } = expectation;
  const bins = counts.length;
  const n = total(counts);
  const first = standardise(scores, expected);
  if (n === 0 || !first) return { location: null, scale: null, tail: null, shape: null };
  const v1 = mass(counts, first) / n;
  const v = 1 / n + 1 / expectation.rows;
  const location = { y: v1, v };
  if (bins < 4) return { location, scale: null, tail: null, shape: null };
  const { shares, doubt } = levelShape
    ? sharesAtLevel(expected, counts, levelShape)
    : { shares: expected, doubt: 0 };
  const tilted = tiltTo(shares, first, v1);
  const second = secondScore(first, tilted);
  const v2 = second ? mass(counts, second) / n : 0;
  return {
    location,
    scale: second ? { y: v2, v: v + doubt } : null,
    tail: bins === FULL_GRID ? tailExcess(counts, tilted, { n, rows: expectation.rows, doubt }) : null,
    shape: residualShape(counts, tilted, {
      n,
      rows: expectation.rows,
      mostRows: expectation.mostRows,
      doubt: doubt + expectation.sameForm ** 2,
      v2,
    }),
  };
}

/** The centred square, orthogonal to the first score, with mean 0 and variance 1, all under the tilted shares. */
function secondScore(first: readonly number[], tilted: readonly number[]): number[] | null {
  const mean = mass(tilted, first);
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

/** Rows of a window and of what it is held against, and the variance that may be in a standardised score with nothing wrong. */
interface Sample {
  readonly n: number;
  readonly rows: number;
  readonly doubt: number;
}

function tailExcess(
  counts: readonly number[],
  tilted: readonly number[],
  { n, rows, doubt }: Sample,
): Measured {
  const seen = Math.asin(Math.sqrt((outer(counts) + 0.375) / (n + 0.75)));
  return {
    y: 2 * (seen - Math.asin(Math.sqrt(Math.min(1, outer(tilted))))),
    v: 1 / (n + 0.5) + 1 / rows + doubt,
  };
}

function outer(values: readonly number[]): number {
  return (values[0] ?? 0) + (values[1] ?? 0) + (values[FULL_GRID - 2] ?? 0) + (values[FULL_GRID - 1] ?? 0);
}

/** Pearson's X² after the tilt, sparse bins joined with their neighbours, without what the scale explains. */
function residualShape(
  counts: readonly number[],
  tilted: readonly number[],
  { n, rows, mostRows, doubt, v2 }: Sample & { readonly mostRows: number; readonly v2: number },
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
  const used = Math.min(n, mostRows);
  const part = used / n;
  const rest = part * Math.max(pearson - n * v2 * v2, 0) + (1 - part) * df;
  // Shares known from few rows widen X²; what is doubted makes it a noncentral chi-squared: Sankaran's cube root of that.
  const wider = 1 + used / rows;
  return steadied(noncentralCubeRoot(rest / wider, df, (used * doubt) / wider), part);
}

function total(counts: readonly number[]): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

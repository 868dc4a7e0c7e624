import { groupBy } from '../domain/group-by.js';
import { measureOf, type MeasureRow } from './measure-row.js';
import { settle } from './settle.js';
import {
  NO_LABELS,
  SCORE_LAYOUTS,
  type FeatureProfile,
  type PerformanceProfile,
  type WindowProfile,
} from '../domain/profile.js';

/** A row of `profiles_1m` (or a sum of such rows) as the engine gives it; `bucket` is the start in epoch seconds. */
export interface ProfileRow {
  readonly version: string;
  readonly bucket: number;
  readonly feature: string;
  /** `centred`: sums of distances from the baseline's centre; `numeric`: of the values themselves, as older baselines have them. */
  readonly kind: 'numeric' | 'centred' | 'categorical';
  readonly rows: number;
  readonly n: number;
  readonly nulls: number;
  readonly missing: number;
  readonly mistyped: number;
  /** Null where it is no double. */
  readonly sum: number | null;
  readonly sum_squares: number | null;
  readonly min: number;
  readonly max: number;
  readonly bins: readonly number[];
  readonly other: number;
  readonly fresh: number;
}

/** A row of `performance_1m`, or a sum of such rows. */
export interface PerformanceRow {
  readonly version: string;
  readonly bucket: number;
  readonly predictions: number;
  readonly unknown_features: readonly string[];
  readonly labelled: number;
  readonly correct: number;
  readonly true_positives: number;
  readonly false_positives: number;
  readonly true_negatives: number;
  readonly false_negatives: number;
  readonly loss_rows: number;
  /** Sums are null where they are no double. */
  readonly loss_sum: number | null;
  readonly loss_squares: number | null;
  readonly error_rows: number;
  readonly squared_error_sum: number | null;
  readonly squared_error_squares: number | null;
  readonly positive_scores: readonly number[];
  readonly negative_scores: readonly number[];
  readonly new_labels: Readonly<Record<string, number>>;
}

/** The engine adds in any order; twelve digits are the same for all of them, so the same rows always give the same profile. */
function settled(sum: number): number {
  return Number(sum.toPrecision(12));
}

const settledOrNull = (sum: number | null) => (sum === null ? null : settled(sum));
const LAYOUTS: readonly number[] = Object.values(SCORE_LAYOUTS);

/** Both sums, or neither: the digits of Σ(x − c) that mean something are known from Σ(x − c)². */
function momentsOf({ kind, n, sum, sum_squares: squares }: ProfileRow) {
  if (sum === null || squares === null) return { sum: null, sumSquares: null };
  const first = kind === 'centred' ? settle(sum, Math.sqrt(n * squares)) : settled(sum);
  return { sum: first, sumSquares: settled(squares) };
}

function featureProfile(row: ProfileRow): FeatureProfile {
  const { rows, n, nulls, missing, mistyped } = row;
  const common = { rows, n, nulls, missing, mistyped };
  if (row.kind === 'categorical')
    return { kind: 'categorical', ...common, counts: row.bins, other: row.other, fresh: row.fresh };
  return {
    kind: 'numeric',
    ...common,
    ...momentsOf(row),
    min: row.min,
    max: row.max,
    bins: row.bins,
  };
}

/** In the order of their names: the engine adds in any. */
function newLabelsOf({ new_labels: found }: PerformanceRow): Pick<PerformanceProfile, 'newLabels'> {
  const sorted = Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? {} : { newLabels: Object.fromEntries(sorted) };
}

function performanceProfile(row: PerformanceRow): PerformanceProfile {
  const full = (bins: readonly number[]) => (LAYOUTS.includes(bins.length) ? bins : []);
  return {
    labelled: row.labelled,
    correct: row.correct,
    truePositives: row.true_positives,
    falsePositives: row.false_positives,
    trueNegatives: row.true_negatives,
    falseNegatives: row.false_negatives,
    lossRows: row.loss_rows,
    lossSum: settledOrNull(row.loss_sum),
    lossSquares: settledOrNull(row.loss_squares),
    errorRows: row.error_rows,
    squaredErrorSum: settledOrNull(row.squared_error_sum),
    squaredErrorSquares: settledOrNull(row.squared_error_squares),
    positiveScores: full(row.positive_scores),
    negativeScores: full(row.negative_scores),
    ...newLabelsOf(row),
  };
}

/** A stretch of time without a single row. */
export const EMPTY_PROFILE: WindowProfile = {
  predictions: 0,
  features: {},
  unknownFeatures: [],
  performance: NO_LABELS,
  measures: {},
};

/** Rows of one stretch of time → its profile. */
function windowProfile(
  features: readonly ProfileRow[],
  performance: PerformanceRow | undefined,
  measures: readonly MeasureRow[],
): WindowProfile {
  const predictions = performance?.predictions ?? features[0]?.rows ?? 0;
  return {
    predictions,
    features: Object.fromEntries(features.map((row) => [row.feature, featureProfile(row)])),
    unknownFeatures: performance?.unknown_features ?? [],
    performance: performance ? performanceProfile(performance) : NO_LABELS,
    measures: Object.fromEntries(measures.map((row) => [row.rule, measureOf(row)])),
  };
}

/** Rows of many stretches → a profile per bucket (epoch seconds), in time order. */
export function profilesByBucket(
  features: readonly ProfileRow[],
  performance: readonly PerformanceRow[],
  measures: readonly MeasureRow[],
): Map<number, WindowProfile> {
  const grouped = groupBy(features, (row) => row.bucket);
  const measured = groupBy(measures, (row) => row.bucket);
  const judged = new Map(performance.map((row) => [row.bucket, row]));
  const buckets = [...new Set([...grouped.keys(), ...judged.keys(), ...measured.keys()])].sort(
    (a, b) => a - b,
  );
  return new Map(
    buckets.map((bucket) => [
      bucket,
      windowProfile(grouped.get(bucket) ?? [], judged.get(bucket), measured.get(bucket) ?? []),
    ]),
  );
}

import { SCORE_LAYOUTS } from '../domain/profile.js';
import { sqlSecond } from '../store/sql-time.js';
import { MOST_NAMES } from './performance-sql.js';

/** Windows of one version to read: `widthMs` milliseconds each, `[from, to)` on their boundaries. */
export interface Span {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  readonly widthMs: number;
}

/** A whole stretch as one window: its width is in whole seconds, as the bounds of a statement are, and nothing of it lies beyond. */
export function inOneWindow(stretch: Omit<Span, 'widthMs'>): Span {
  const seconds = Math.ceil((stretch.to.getTime() - stretch.from.getTime()) / 1000) + 1;
  return { ...stretch, widthMs: 1000 * Math.max(1, seconds) };
}

/** What a statement with {@link BUCKET} binds, and its bounds `from` and `to`. */
export function bounds({ from, to, widthMs }: Omit<Span, 'version'>) {
  const origin = Math.floor(from.getTime() / 1000);
  const start = sqlSecond(new Date(origin * 1000));
  return { from: start, to: sqlSecond(to), width: widthMs / 1000, origin };
}

/** Start of the window that a minute lies in, of windows that begin at `origin`. */
export const BUCKET =
  'intDiv(toUnixTimestamp(minute) - {origin:Int64}, {width:UInt32}) * {width:UInt32} + {origin:Int64} AS bucket';
/** Columns of features in a minute, to be summed as {@link FEATURE_SUMS}. */
export const FEATURE_COLUMNS =
  'feature, kind, rows, n, n AS used, nulls, missing, mistyped, sum, sum_squares, min AS low, max AS high, bins, other, fresh';
export const FEATURE_SUMS = `any(kind) AS kind, sum(rows) AS rows, sum(n) AS n, sum(nulls) AS nulls, sum(missing) AS missing, sum(mistyped) AS mistyped,
    sum(sum) AS sum, sum(sum_squares) AS sum_squares, minIf(low, used > 0) AS min, maxIf(high, used > 0) AS max, sumForEach(bins) AS bins,
    sum(other) AS other, sum(fresh) AS fresh`;
/** Statistics of features by window, from a source of minutes. */
export const mergedProfiles = (minutes: string) => `
  SELECT {version:String} AS version, bucket, feature, ${FEATURE_SUMS}
  FROM (SELECT ${BUCKET}, ${FEATURE_COLUMNS} FROM ${minutes}) GROUP BY bucket, feature`;

const SUMMED = [
  'predictions', 'labelled', 'correct', 'true_positives', 'false_positives', 'true_negatives', 'false_negatives',
  'loss_rows', 'loss_sum', 'loss_squares', 'error_rows', 'squared_error_sum', 'squared_error_squares',
]; // prettier-ignore
/** A window whose minutes were counted in two layouts, while it changed, keeps those of the new one. */
const histogramOf = (column: string) => {
  const within = (bins: number) => `sumForEachIf(${column}, length(${column}) = ${bins})`;
  const { logOdds, equal } = SCORE_LAYOUTS;
  return `if(max(length(${column})) = ${logOdds}, ${within(logOdds)}, ${within(equal)})`;
};
/** Columns of performance in a minute, to be summed as {@link performanceSums}. */
export const COUNTED = [...SUMMED, 'unknown_features', 'positive_scores', 'negative_scores', 'new_labels'];
/** Counts and sums of rows and labels of minutes that are called `m`. */
export const performanceSums = (
  m: string,
) => `${SUMMED.map((name) => `sum(${m}.${name}) AS ${name}`).join(', ')},
    groupUniqArrayArray(${MOST_NAMES})(${m}.unknown_features) AS unknown_features, ${histogramOf(`${m}.positive_scores`)} AS positive_scores,
    ${histogramOf(`${m}.negative_scores`)} AS negative_scores, sumMap(${m}.new_labels) AS new_labels`;
/** The same by window, from a source of minutes called `m`. */
export const mergedPerformance = (minutes: string) => `
  SELECT {version:String} AS version, ${BUCKET}, ${performanceSums('m')}
  FROM ${minutes}
  GROUP BY bucket`;

/** Sums of rules. */
export const MEASURE_SUMS = 'any(kind) AS kind, sumForEach(sums) AS sums';
/** The same by window, from a source of minutes. */
export const mergedMeasures = (minutes: string) => `
  SELECT {version:String} AS version, bucket, rule, ${MEASURE_SUMS}
  FROM (SELECT ${BUCKET}, rule, kind, sums FROM ${minutes}) GROUP BY bucket, rule ORDER BY bucket, rule`;

/** A window is some thousand small rows: threads and compiled code cost more than they save. */
export const MERGE_SETTINGS = {
  max_threads: 1,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
} as const;

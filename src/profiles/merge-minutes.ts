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
/** Statistics of features, of minutes that are called `m`. */
export const FEATURE_SUMS = `any(m.kind) AS kind, sum(m.rows) AS rows, sum(m.n) AS n, sum(m.nulls) AS nulls, sum(m.missing) AS missing,
    sum(m.mistyped) AS mistyped, sum(m.sum) AS sum, sum(m.sum_squares) AS sum_squares, minIf(m.min, m.n > 0) AS min, maxIf(m.max, m.n > 0) AS max,
    sumForEach(m.bins) AS bins, sum(m.other) AS other, sum(m.fresh) AS fresh`;
/** Statistics of features by window, from a source of minutes called `m`. */
export const mergedProfiles = (minutes: string) => `
  SELECT {version:String} AS version, ${BUCKET}, feature, ${FEATURE_SUMS}
  FROM ${minutes} GROUP BY bucket, feature`;

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
/** Counts and sums of rows and labels, of minutes that are called `m`. */
export const PERFORMANCE_SUMS = `${SUMMED.map((name) => `sum(m.${name}) AS ${name}`).join(', ')},
    groupUniqArrayArray(${MOST_NAMES})(m.unknown_features) AS unknown_features, ${histogramOf('m.positive_scores')} AS positive_scores,
    ${histogramOf('m.negative_scores')} AS negative_scores, sumMap(m.new_labels) AS new_labels`;
/** The same by window, from a source of minutes called `m`. */
export const mergedPerformance = (minutes: string) => `
  SELECT {version:String} AS version, ${BUCKET}, ${PERFORMANCE_SUMS}
  FROM ${minutes}
  GROUP BY bucket`;

/** Sums of rules, of minutes that are called `m`. */
export const MEASURE_SUMS = 'any(m.kind) AS kind, sumForEach(m.sums) AS sums';
/** The same by window, from a source of minutes called `m`. */
export const mergedMeasures = (minutes: string) => `
  SELECT {version:String} AS version, ${BUCKET}, rule, ${MEASURE_SUMS}
  FROM ${minutes} GROUP BY bucket, rule ORDER BY bucket, rule`;

/** A window is some thousand small rows: threads and compiled code cost more than they save. */
export const MERGE_SETTINGS = {
  max_threads: 1,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
} as const;

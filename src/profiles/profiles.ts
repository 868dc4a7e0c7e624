import type { Baseline } from '../domain/baseline.js';
import { groupBy } from '../domain/group-by.js';
import type { Model } from '../domain/model.js';
import {
  OUTPUT_NAMES,
  SCORE_LAYOUTS,
  scoreLayoutOf,
  type PerformanceProfile,
  type WindowProfile,
} from '../domain/profile.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import { declaredRows } from './declared-types.js';
import type { MeasureRow } from './measure-row.js';
import { measureSelect } from './measure-sql.js';
import { answeredRows, ownRows } from './own-rows.js';
import { knownLabels } from './known-labels.js';
import { labelledPredictions, MOST_NAMES, performanceSelect } from './performance-sql.js';
import { literal, PROFILE_SETTINGS, profileSelects, profileSettings } from './profile-sql.js';
import { RowLayouts } from './row-layout.js';
import { EMPTY_PROFILE, profilesByBucket, type PerformanceRow, type ProfileRow } from './profile-row.js';

/** What the model file and the baseline know by name; null without a baseline, because a model that still learns has no unknown features. */
export function knownFeatures(
  model: Model,
  baseline: Pick<Baseline, 'features' | 'notes'> | null | undefined,
): string[] | null {
  if (!baseline) return null;
  const unwatched = (baseline.notes?.unwatched ?? []).map(({ name }) => name);
  const known = new Set([...Object.keys(model.features), ...Object.keys(baseline.features), ...unwatched]);
  return [...known].filter((name) => !OUTPUT_NAMES.includes(name));
}

/** Columns that judging a row needs; reading the feature maps here would cost more than all the rest. */
const JUDGED = 'prediction_id, version, ts, label, score, value, scores, status, num, cat, nulls';
/** The same for rules that need labels: they may speak of groups. */
const MEASURED = `${JUDGED}, segment, protected, attributions`;
const IN_MINUTES =
  'version = {version:String} AND ts >= {from:DateTime64(3)} AND ts < {to:DateTime64(3)} AND toUnixTimestamp(toStartOfMinute(ts)) IN {minutes:Array(UInt32)}';
/** The same stretch, where rows that repeat others are looked up. */
const SPAN = { from: '{from:DateTime64(3)}', to: '{to:DateTime64(3)}' };
const PROFILE_COLUMNS = 'rows, n, nulls, missing, mistyped, sum, sum_squares, min, max, bins, other, fresh';
const PERFORMANCE_COLUMNS =
  'predictions, unknown_features, labelled, correct, true_positives, false_positives, true_negatives, false_negatives, ' +
  'loss_rows, loss_sum, loss_squares, error_rows, squared_error_sum, squared_error_squares, positive_scores, negative_scores, new_labels';
/** More minutes in one statement would hold the engine too long for others. */
const MINUTES_AT_ONCE = 7 * 1440;

export const TOTALS =
  'sum(rows) AS rows, sum(n) AS n, sum(nulls) AS nulls, sum(missing) AS missing, sum(mistyped) AS mistyped';
/** Start of the window that a minute lies in, of windows that begin at `origin`. */
const BUCKET =
  'intDiv(toUnixTimestamp(minute) - {origin:Int64}, {width:UInt32}) * {width:UInt32} + {origin:Int64} AS bucket';
const MERGE_PROFILES = `
  SELECT {version:String} AS version, bucket, feature, any(kind) AS kind, ${TOTALS}, sum(sum) AS sum, sum(sum_squares) AS sum_squares,
    minIf(low, used > 0) AS min, maxIf(high, used > 0) AS max, sumForEach(bins) AS bins, sum(other) AS other, sum(fresh) AS fresh
  FROM (
    SELECT ${BUCKET}, feature, kind, rows, n, n AS used, nulls,
      missing, mistyped, sum, sum_squares, min AS low, max AS high, bins, other, fresh
    FROM profiles_1m FINAL
    WHERE model = {model:String} AND version = {version:String} AND baseline = {baseline:String} AND minute >= {from:DateTime} AND minute < {to:DateTime}
  ) GROUP BY bucket, feature`;

export const SUMMED = [
  'predictions', 'labelled', 'correct', 'true_positives', 'false_positives', 'true_negatives', 'false_negatives',
  'loss_rows', 'loss_sum', 'loss_squares', 'error_rows', 'squared_error_sum', 'squared_error_squares',
]; // prettier-ignore
/** A window whose minutes were counted in two layouts, while it changed, keeps those of the new one. */
export const histogramOf = (column: string) => {
  const within = (bins: number) => `sumForEachIf(${column}, length(${column}) = ${bins})`;
  const { logOdds, equal } = SCORE_LAYOUTS;
  return `if(max(length(${column})) = ${logOdds}, ${within(logOdds)}, ${within(equal)})`;
};
const mergedPerformance = (where: string) => `
  SELECT {version:String} AS version, ${BUCKET},
    ${SUMMED.map((name) => `sum(m.${name}) AS ${name}`).join(', ')}, groupUniqArrayArray(${MOST_NAMES})(m.unknown_features) AS unknown_features,
    ${histogramOf('m.positive_scores')} AS positive_scores, ${histogramOf('m.negative_scores')} AS negative_scores,
    sumMap(m.new_labels) AS new_labels
  FROM performance_1m AS m FINAL
  WHERE model = {model:String} AND m.version = {version:String} AND minute >= {from:DateTime} AND minute < {to:DateTime}${where}
  GROUP BY bucket`;
const MERGE_PERFORMANCE = mergedPerformance('');
const PERFORMANCE_WITHOUT = mergedPerformance(`
    AND NOT arrayExists((begin, end) -> toUnixTimestamp(minute) >= begin AND toUnixTimestamp(minute) < end, {begins:Array(UInt32)}, {ends:Array(UInt32)})`);

const MERGE_MEASURES = `
  SELECT {version:String} AS version, bucket, rule, any(kind) AS kind, sumForEach(sums) AS sums
  FROM (
    SELECT ${BUCKET}, rule, kind, sums
    FROM measures_1m FINAL
    WHERE model = {model:String} AND version = {version:String} AND baseline = {baseline:String} AND minute >= {from:DateTime} AND minute < {to:DateTime}
  ) GROUP BY bucket, rule ORDER BY bucket, rule`;

const ROWS_BY_VERSION = `
  SELECT m.version AS version, ${BUCKET}, sum(predictions) AS rows
  FROM performance_1m AS m FINAL
  WHERE model = {model:String} AND minute >= {from:DateTime} AND minute < {to:DateTime}
  GROUP BY version, bucket ORDER BY bucket, version`;

/** Rows of one version in one window. */
export interface VersionRows {
  readonly version: string;
  readonly rows: number;
}

/** A window is some thousand small rows: threads and compiled code cost more than they save. */
export const MERGE_SETTINGS = {
  max_threads: 1,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
} as const;

/** Stretch of time to read: `width` milliseconds a window, `[from, to)` on window boundaries. */
export interface Span {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  readonly widthMs: number;
}

/** Minutes (epoch seconds) of one model version. */
interface Stretch {
  readonly model: Model;
  readonly version: string;
  readonly minutes: readonly number[];
  readonly settings?: Readonly<Record<string, number>>;
}

/** The statement that stores what was measured; none where no rule is. */
function insertMeasures(baseline: Baseline, rows: string | null): string[] {
  if (rows === null) return [];
  return [
    `INSERT INTO measures_1m (model, version, baseline, minute, rule, kind, sums, computed_at)
      SELECT {model:String}, version, ${literal(baseline.id)}, bucket, rule, kind, sums, now64(6) FROM (${rows})`,
  ];
}

/** Minute summaries: recomputed from the rows whenever they changed, merged into windows of any length. */
export class Profiles {
  private readonly layouts: RowLayouts;

  constructor(private readonly database: Database) {
    this.layouts = new RowLayouts(database);
  }

  /** Summarises the features and outputs of these minutes anew; the same rows always give the same summary. */
  async recompute(
    model: Model,
    baseline: Baseline,
    version: string,
    minutes: readonly number[],
  ): Promise<void> {
    const where = `model = {model:String} AND ${answeredRows(model, SPAN)} AND ${IN_MINUTES}`;
    const rules = baseline.rules.filter((rule) => rule.needsLabels === undefined && rule.rule !== 'calls');
    const calls = measureSelect(
      baseline.rules.filter(({ rule }) => rule === 'calls'),
      `FROM predictions FINAL WHERE model = {model:String} AND ${ownRows(model, SPAN)} AND ${IN_MINUTES}`,
      'toStartOfMinute(ts)',
    );
    const settings = profileSettings(Object.keys(baseline.features).length, null);
    await this.inChunks({ model, version, minutes, settings }, async (params) => {
      const stream = `${model.key}\0${version}`;
      const laidOut = await this.layouts.of(stream, { where, params });
      const { from: source, layout } = await declaredRows(this.database, model, laidOut, { where, params });
      const selects = profileSelects(baseline.features, source, 'toStartOfMinute(ts)', layout);
      const profiles = selects.map(
        (
          rows,
        ) => `INSERT INTO profiles_1m (model, version, baseline, feature, minute, kind, ${PROFILE_COLUMNS}, computed_at)
        SELECT {model:String}, version, ${literal(baseline.id)}, feature, bucket, kind, ${PROFILE_COLUMNS}, now64(6) FROM (${rows})`,
      );
      const measures = measureSelect(rules, source, 'toStartOfMinute(ts)', layout);
      return [...profiles, ...insertMeasures(baseline, measures), ...insertMeasures(baseline, calls)];
    });
  }

  /** Counts the rows and labels of these minutes anew and judges the labelled ones. */
  async rejudge(
    model: Model,
    baseline: Baseline | null,
    version: string,
    minutes: readonly number[],
  ): Promise<void> {
    const known = knownFeatures(model, baseline);
    const where = `${ownRows(model, SPAN)} AND ${IN_MINUTES}`;
    const rows = performanceSelect(model, known, {
      source: labelledPredictions(JUDGED, where),
      bucket: 'toStartOfMinute(ts)',
      layout: scoreLayoutOf(baseline?.reference.performance),
      labels: knownLabels(model, baseline),
    });
    const insert = `INSERT INTO performance_1m (model, version, minute, ${PERFORMANCE_COLUMNS}, computed_at)
      SELECT {model:String}, version, bucket, ${PERFORMANCE_COLUMNS}, now64(6) FROM (${rows})`;
    const rules = baseline?.rules.filter((rule) => rule.needsLabels === true) ?? [];
    const measures = measureSelect(rules, labelledPredictions(MEASURED, where), 'toStartOfMinute(ts)', null);
    const statements = [insert, ...(baseline ? insertMeasures(baseline, measures) : [])];
    await this.inChunks({ model, version, minutes }, async () => statements);
  }

  private async inChunks(
    { model, version, minutes, settings = PROFILE_SETTINGS }: Stretch,
    statements: (params: Readonly<Record<string, unknown>>) => Promise<readonly string[]>,
  ): Promise<void> {
    for (let start = 0; start < minutes.length; start += MINUTES_AT_ONCE) {
      const chunk = minutes.slice(start, start + MINUTES_AT_ONCE);
      const range = { from: iso(chunk[0] ?? 0), to: iso((chunk.at(-1) ?? 0) + 60) };
      const params = { model: model.key, version, minutes: chunk, ...range };
      const options = { params, settings, timeoutMs: 300_000 };
      for (const sql of await statements(params)) await this.database.command(sql, options);
    }
  }

  /** Rows of every version of a model by the start of the window, epoch seconds. */
  async rowsByVersion(model: string, span: Omit<Span, 'version'>): Promise<Map<number, VersionRows[]>> {
    const params = { model, ...bounds(span) };
    const rows = await this.database.query<VersionRows & { readonly bucket: number }>(ROWS_BY_VERSION, {
      params,
    });
    return groupBy(rows, ({ bucket }) => bucket);
  }

  /** What a version did in `[from, to)` without these stretches of it (whole minutes); rows that are counted, and those with a label. */
  async performance(
    model: string,
    { version, from, to }: Omit<Span, 'widthMs'>,
    without: readonly { readonly from: Date; readonly to: Date }[],
  ): Promise<{ readonly predictions: number; readonly performance: PerformanceProfile }> {
    const seconds = (time: Date) => Math.floor(time.getTime() / 1000);
    const span = bounds({ from, to, widthMs: to.getTime() - from.getTime() });
    const excluded = {
      begins: without.map((one) => seconds(one.from)),
      ends: without.map((one) => seconds(one.to)),
    };
    const params = { model, version, ...span, ...excluded };
    const rows = await this.database.query<PerformanceRow>(PERFORMANCE_WITHOUT, {
      params,
      settings: MERGE_SETTINGS,
    });
    const [profile = EMPTY_PROFILE] = profilesByBucket([], rows, []).values();
    return { predictions: profile.predictions, performance: profile.performance };
  }

  /** Window profiles of one model version by the start of the window (epoch seconds); windows without rows are absent. */
  async windows(model: string, baseline: string | null, span: Span): Promise<Map<number, WindowProfile>> {
    const params = { model, version: span.version, baseline: baseline ?? '', ...bounds(span) };
    const options = { params, settings: MERGE_SETTINGS };
    const [features, performance, measures] = await Promise.all([
      baseline ? this.database.query<ProfileRow>(MERGE_PROFILES, options) : [],
      this.database.query<PerformanceRow>(MERGE_PERFORMANCE, options),
      baseline ? this.database.query<MeasureRow>(MERGE_MEASURES, options) : [],
    ]);
    return profilesByBucket(features, performance, measures);
  }
}

/** A span as what the statements bind. */
function bounds({ from, to, widthMs }: Omit<Span, 'version'>) {
  const origin = Math.floor(from.getTime() / 1000);
  return { from: iso(origin), to: sqlSecond(to), width: widthMs / 1000, origin };
}

/** Epoch seconds as the text ClickHouse reads as a DateTime in UTC. */
function iso(seconds: number): string {
  return sqlSecond(new Date(seconds * 1000));
}

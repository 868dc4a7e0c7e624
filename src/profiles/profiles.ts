import { versionPlace } from '../domain/version-place.js';
import { addAll } from '../domain/add-all.js';
import type { Baseline } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import { rulesInForce } from '../domain/rules-in-force.js';
import { groupBy } from '../domain/group-by.js';
import type { Model } from '../domain/model.js';
import {
  OUTPUT_NAMES,
  scoreLayoutOf,
  type PerformanceProfile,
  type WindowProfile,
} from '../domain/profile.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import { declaredRows, rowsFrom } from './declared-types.js';
import type { MeasureRow } from './measure-row.js';
import { measureSelect } from './measure-sql.js';
import { measuredOn } from './measured-on.js';
import {
  bounds,
  BUCKET,
  inOneWindow,
  mergedMeasures,
  mergedPerformance,
  mergedProfiles,
  MERGE_SETTINGS,
  type Span,
} from './merge-minutes.js';
import { answeredRows, arrivedBy, IN_SPAN, ownRows, SPAN, type Arrived } from './own-rows.js';
import { knownLabels } from './known-labels.js';
import { labelledPredictions, performanceSelect } from './performance-sql.js';
import { PROFILE_SETTINGS, profileSelects, profileSettings } from './profile-sql.js';
import { literal } from '../store/sql-text.js';
import { RowLayouts } from './row-layout.js';
import { EMPTY_PROFILE, profilesByBucket, type PerformanceRow, type ProfileRow } from './profile-row.js';

/** What the model file and the baseline know by name; null without a baseline, because a model that still learns has no unknown features. */
export function knownFeatures(
  model: Model,
  baseline: Pick<Baseline, 'features' | 'notes'> | null | undefined,
): string[] | null {
  if (!baseline) return null;
  const unwatched = (baseline.notes?.unwatched ?? []).map(({ name }) => name);
  const judged = Object.keys(baseline.features).filter((name) => !OUTPUT_NAMES.includes(name));
  return [...new Set([...Object.keys(model.features), ...judged, ...unwatched])];
}

/** Columns that judging a row needs; reading the feature maps here would cost more than all the rest. */
const JUDGED = 'prediction_id, version, ts, label, score, value, scores, status, num, cat, nulls';
/** The same for rules that need labels: they may speak of groups. */
const MEASURED = `${JUDGED}, segment, protected, attributions`;
const IN_MINUTES = `version = {version:String} AND ${IN_SPAN} AND toUnixTimestamp(toStartOfMinute(ts)) IN {minutes:Array(UInt32)}`;
const PROFILE_COLUMNS = 'rows, n, nulls, missing, mistyped, sum, sum_squares, min, max, bins, other, fresh';
const PERFORMANCE_COLUMNS =
  'predictions, unknown_features, labelled, correct, true_positives, false_positives, true_negatives, false_negatives, ' +
  'loss_rows, loss_sum, loss_squares, error_rows, squared_error_sum, squared_error_squares, positive_scores, negative_scores, new_labels';
/** More minutes in one statement would hold the engine too long for others. */
const MINUTES_AT_ONCE = 7 * 1440;

const BASELINE_MINUTES =
  'model = {model:String} AND m.version = {version:String} AND baseline = {baseline:String} AND minute >= {from:DateTime} AND minute < {to:DateTime}';
const MERGE_PROFILES = mergedProfiles(`profiles_1m AS m FINAL WHERE ${BASELINE_MINUTES}`);
const OWN_PERFORMANCE =
  'performance_1m AS m FINAL WHERE model = {model:String} AND m.version = {version:String} AND minute >= {from:DateTime} AND minute < {to:DateTime}';
const MERGE_PERFORMANCE = mergedPerformance(OWN_PERFORMANCE);
const PERFORMANCE_WITHOUT = mergedPerformance(`${OWN_PERFORMANCE}
    AND NOT arrayExists((begin, end) -> toUnixTimestamp(minute) >= begin AND toUnixTimestamp(minute) < end, {begins:Array(UInt32)}, {ends:Array(UInt32)})`);
const MERGE_MEASURES = mergedMeasures(`measures_1m AS m FINAL WHERE ${BASELINE_MINUTES}`);

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

/** Minutes (epoch seconds) of one model version. */
interface Stretch {
  readonly model: Model;
  readonly version: string;
  readonly minutes: readonly number[];
  readonly settings?: Readonly<Record<string, number>>;
}

interface AskedAnswers {
  readonly model: Model;
  /** Null while the model learns. */
  readonly baseline: Baseline | null;
  readonly rules: readonly Constraint[];
  readonly version: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly arrived?: Arrived | undefined;
}

/** Of whose rows, and which of them, a profile is made anew. */
type AskedProfile = Pick<AskedAnswers, 'model' | 'baseline' | 'rules' | 'arrived'>;

/** Selects by minute; null where there is no rule. */
interface AnswerStatements {
  readonly selects: readonly string[];
  readonly measures: string | null;
  readonly calls: string | null;
}

/** Selects by minute of what labels say, and of the rules that need them. */
function labelStatements(
  model: Model,
  baseline: Baseline | null,
  rules: readonly Constraint[],
  arrived?: Arrived,
): { readonly rows: string; readonly measures: string | null } {
  const where = `${ownRows(model, SPAN)} AND ${IN_MINUTES} AND ${arrivedBy(arrived?.rows)}`;
  const source = (columns: string) => labelledPredictions(columns, where, arrivedBy(arrived?.labels));
  const rows = performanceSelect(model, knownFeatures(model, baseline), {
    source: source(JUDGED),
    bucket: 'toStartOfMinute(ts)',
    layout: scoreLayoutOf(baseline?.reference.performance),
    labels: knownLabels(model, baseline),
  });
  const own = rules.filter((rule) => measuredOn(rule) === 'labels');
  const measures = measureSelect(own, source(MEASURED), 'toStartOfMinute(ts)', null);
  return { rows, measures };
}

/** The statement that stores what was measured; none where no rule is. */
function insertMeasures(baseline: Baseline | null, rows: string | null): string[] {
  if (rows === null) return [];
  return [
    `INSERT INTO measures_1m (model, version, baseline, minute, rule, kind, sums, computed_at)
      SELECT {model:String}, version, ${literal(baseline?.id ?? '')}, bucket, rule, kind, sums, now64(6) FROM (${rows})`,
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
    baseline: Baseline | null,
    version: string,
    minutes: readonly number[],
  ): Promise<void> {
    const settings = profileSettings(Object.keys(baseline?.features ?? {}).length, null);
    const rules = rulesInForce(model, baseline);
    if (!baseline && rules.length === 0) return;
    await this.inChunks({ model, version, minutes, settings }, async (params) => {
      const { selects, measures, calls } = await this.answers({ model, baseline, rules, version, params });
      const profiles = selects.map(
        (
          rows,
        ) => `INSERT INTO profiles_1m (model, version, baseline, feature, minute, kind, ${PROFILE_COLUMNS}, computed_at)
        SELECT {model:String}, version, ${literal(baseline?.id ?? '')}, feature, bucket, kind, ${PROFILE_COLUMNS}, now64(6) FROM (${rows})`,
      );
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
    const { rows, measures } = labelStatements(model, baseline, rulesInForce(model, baseline));
    const insert = `INSERT INTO performance_1m (model, version, minute, ${PERFORMANCE_COLUMNS}, computed_at)
      SELECT {model:String}, version, bucket, ${PERFORMANCE_COLUMNS}, now64(6) FROM (${rows})`;
    const statements = [insert, ...insertMeasures(baseline, measures)];
    await this.inChunks({ model, version, minutes }, async () => statements);
  }

  /** Statements that summarise the answers of minutes, and how long calls took. */
  private async answers(asked: AskedAnswers): Promise<AnswerStatements> {
    const { model, baseline, rules, version, params } = asked;
    const had = `${IN_MINUTES} AND ${arrivedBy(asked.arrived?.rows)}`;
    const where = `model = {model:String} AND ${answeredRows(model, SPAN)} AND ${had}`;
    const by = groupBy(rules, measuredOn);
    const laidOut = await this.layouts.of(versionPlace(model.key, version), { where, params });
    const declared = await declaredRows(this.database, model, laidOut, { where, params });
    const { from: source, layout } = declared;
    const all = `model = {model:String} AND ${ownRows(model, SPAN)} AND ${had}`;
    const called = rowsFrom(model, { where: all }, declared.isRestated);
    const calls = measureSelect(by.get('calls') ?? [], called, 'toStartOfMinute(ts)');
    const selects = baseline ? profileSelects(baseline.features, source, 'toStartOfMinute(ts)', layout) : [];
    const measures = measureSelect(by.get('answers') ?? [], source, 'toStartOfMinute(ts)', layout);
    return { selects, measures, calls };
  }

  /**
   * The profile of one window made anew from its stored rows and labels, without a look at the summaries of minutes; writes nothing. The same
   * rows give the same profile, to the last digit, as the summaries do. `of`: features and rules that need labels, or those that do not.
   */
  async fromRows(asked: AskedProfile, span: Span, of: 'labels' | 'answers'): Promise<WindowProfile> {
    const start = Math.floor(span.from.getTime() / 1000);
    return (await this.minutesFromRows(asked, span, of)).get(start) ?? EMPTY_PROFILE;
  }

  /** The same in stretches of `widthMs`, by their start (epoch seconds); those without a row are left out. */
  async minutesFromRows(
    { model, baseline, rules, arrived }: AskedProfile,
    span: Span,
    of: 'labels' | 'answers',
  ): Promise<ReadonlyMap<number, WindowProfile>> {
    const from = Math.floor(span.from.getTime() / 1000);
    const count = Math.ceil((span.to.getTime() / 1000 - from) / 60);
    const minutes = Array.from({ length: count }, (_, i) => from + 60 * i);
    const params = { model: model.key, version: span.version, minutes, ...bounds(span) };
    const width = baseline && Object.keys(baseline.features).length;
    const settings = width === null ? PROFILE_SETTINGS : profileSettings(width, null);
    const read = async <Row>(sql: string) =>
      this.database.query<Row>(sql, { params, settings, timeoutMs: 300_000 });
    const inMinutes = (rows: string) => `(SELECT * EXCEPT (bucket), bucket AS minute FROM (${rows}))`;
    const labels = labelStatements(model, baseline, rules, arrived);
    const answers =
      of === 'answers'
        ? await this.answers({ model, baseline, rules, version: span.version, params, arrived })
        : null;
    const features: ProfileRow[] = [];
    for (const rows of answers?.selects ?? [])
      addAll(features, await read<ProfileRow>(mergedProfiles(`${inMinutes(rows)} AS m`)));
    const measures: MeasureRow[] = [];
    for (const rows of of === 'labels' ? [labels.measures] : [answers?.measures, answers?.calls])
      if (rows) addAll(measures, await read<MeasureRow>(mergedMeasures(`${inMinutes(rows)} AS m`)));
    const judged = await read<PerformanceRow>(mergedPerformance(`${inMinutes(labels.rows)} AS m`));
    return profilesByBucket(features, judged, measures);
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
    const span = bounds(inOneWindow({ version, from, to }));
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
      this.database.query<MeasureRow>(MERGE_MEASURES, options),
    ]);
    return profilesByBucket(features, performance, measures);
  }
}

/** Epoch seconds as the text ClickHouse reads as a DateTime in UTC. */
function iso(seconds: number): string {
  return sqlSecond(new Date(seconds * 1000));
}

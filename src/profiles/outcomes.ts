import type { Baseline } from '../domain/baseline.js';
import { boundedGroups, groupBy } from '../domain/group-by.js';
import type { Measure } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import { OUTCOME_SUMS, type Outcome } from '../domain/outcome.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { measureOf, type MeasureRow } from './measure-row.js';
import { bounds, BUCKET, inOneWindow, mergedMeasures, type Span } from './merge-minutes.js';
import { OUTCOME_COLUMNS, outcomeSelect } from './outcome-sql.js';
import { DELAY_BINS } from '../stats/delay-distribution.js';
import { ownRows, IN_SPAN, SPAN } from './own-rows.js';
import { minutesByRequestSql, rowsByRequestSql } from './request-outcome-sql.js';
import { bound, type AskedMinutes } from './row-blocks.js';
import {
  positivesOf,
  segmentsBound,
  SET_LABELLED,
  SET_POSITIVE,
  SET_ROWS,
  SET_SEGMENTS,
  SET_WHOLE,
} from './set-outcome-sql.js';
import { SERVICE_COLUMNS, serviceSelect } from './service-sql.js';
import { ANSWERED } from '../constraints/answered.js';

/** Minutes in one statement: what they hold is joined with its labels at once. */
const MINUTES_TOGETHER = 1440;
const SETTINGS = {
  max_query_size: 10_000_000,
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
} as const;
const SERVICE = `INSERT INTO service_1m (model, version, minute, ${SERVICE_COLUMNS}, computed_at)
  SELECT model, version, bucket, ${SERVICE_COLUMNS}, now64(6) FROM (${serviceSelect(SET_ROWS)})`;

/** Minutes of a model version, and the reference that says which of its segments are watched. */
export interface OutcomeMinutes extends AskedMinutes {
  readonly baseline?: Baseline | null;
}

function outcomeInsert(task: Model['task'], places: string): string {
  const rows = outcomeSelect(task, { source: SET_LABELLED, positive: SET_POSITIVE, places });
  return `INSERT INTO outcomes_1m (model, version, minute, ${OUTCOME_COLUMNS}, computed_at)
    SELECT model, version, bucket, ${OUTCOME_COLUMNS}, now64(6) FROM (${rows})`;
}

/** The segments that a reference watches, in its order. */
export function watchedSegments(baseline: Baseline | null | undefined): readonly SegmentName[] {
  const rules = (baseline?.rules ?? []).flatMap((rule) => (rule.rule === 'segment' ? [rule] : []));
  return [...groupBy(rules, segmentName).values()].flatMap(([first]) =>
    first ? [{ attribute: first.attribute, value: first.value }] : [],
  );
}

/** The same minutes in parts that fit into one statement. */
function inParts(stream: OutcomeMinutes): readonly OutcomeMinutes[] {
  return Array.from({ length: Math.ceil(stream.minutes.length / MINUTES_TOGETHER) }, (_, i) => {
    const first = i * MINUTES_TOGETHER;
    return { ...stream, minutes: stream.minutes.slice(first, first + MINUTES_TOGETHER) };
  });
}

const OF_SEGMENT = 'o.attribute = {attribute:String} AND o.segment = {segment:String}';
const ADDED = [
  'positives',
  'negatives',
  'scores',
  'answers',
  'answer_scores',
  'cells',
  'class_rows',
  'class_hits',
  'delays',
];
const mergeOf = (minutes: string, groups = 'bucket, attribute, segment') => `
  SELECT ${BUCKET}, o.attribute AS attribute, o.segment AS segment,
    sum(o.answered) AS answered, sum(o.labelled) AS labelled, sumForEach(o.sums) AS sums, ${ADDED.map((name) => `sumMap(o.${name}) AS ${name}`).join(', ')}
  FROM ${minutes}
  GROUP BY ${groups}`;
const MERGE = mergeOf(`outcomes_1m AS o FINAL
  WHERE model = {model:String} AND version = {version:String} AND {where}
    AND minute >= {from:DateTime} AND minute < {to:DateTime}`);

/** One row more for all windows together: its start is that of time. */
const WINDOWS_AND_ALL = 'GROUPING SETS ((bucket, attribute, segment), (attribute, segment))';
const ALL = 0;

/** Outcomes by window (its start in epoch seconds), and of all of them. */
interface OutcomesByRequest {
  readonly found: ReadonlyMap<number, Outcome>;
  readonly together: Outcome | undefined;
}

interface OutcomeRow extends Omit<Outcome, 'sums' | 'answerScores' | 'classRows' | 'classHits'> {
  readonly bucket: number;
  readonly attribute: string;
  readonly segment: string;
  readonly sums: readonly (number | null)[];
  readonly answer_scores: Outcome['answerScores'];
  readonly class_rows: Outcome['classRows'];
  readonly class_hits: Outcome['classHits'];
}

/** When the newest label of a minute came at the earliest: by the bins of its delays, and by their mean. */
const NEWEST = `if(empty(o.delays), 0, toUnixTimestamp(o.minute) + greatest(
    exp(arrayMax(arrayMap(place -> toUInt32OrZero(splitByChar(char(0), place)[-1]), mapKeys(o.delays))) / ${DELAY_BINS}),
    ifNotFinite(3600 * o.sums[{delayHours:UInt8}] / o.sums[{delayHours:UInt8} - 1], 0)))`;
const DELAYS = `
  SELECT ${BUCKET.replace('AS bucket', 'AS day')}, sum(o.answered) AS answered, sum(o.labelled) AS labelled, sumMap(o.delays) AS delays, max(${NEWEST}) AS newest
  FROM outcomes_1m AS o FINAL
  WHERE model = {model:String} AND version = {version:String} AND ${OF_SEGMENT} AND minute >= {from:DateTime} AND minute < {to:DateTime}
  GROUP BY day`;

/** How long the labels of the answers of a day took. */
export interface DayOfDelays extends Pick<Outcome, 'answered' | 'labelled' | 'delays'> {
  /** Its start, epoch seconds. */
  readonly day: number;
  /** When the newest of these labels came, epoch seconds, up to a tenth of its delay sooner; 0 without labels. */
  readonly newest: number;
}

const MEASURES = mergedMeasures(`measures_1m AS m FINAL
    WHERE model = {model:String} AND m.version = {version:String} AND baseline = {baseline:String} AND rule IN {rules:Array(String)}
      AND minute >= {from:DateTime} AND minute < {to:DateTime}`);

const CALLS = `
  SELECT ${BUCKET}, sum(s.calls) AS calls, sum(s.failed) AS failed, sumMap(s.codes) AS codes, sumMap(s.latencies) AS latencies
  FROM service_1m AS s FINAL
  WHERE model = {model:String} AND version = {version:String} AND minute >= {from:DateTime} AND minute < {to:DateTime}
  GROUP BY bucket ORDER BY bucket`;

/** The calls of a stretch of time: failed ones by their code, times by logarithmic bin (stats/log-histogram.ts). */
export interface Calls {
  readonly calls: number;
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly latencies: Readonly<Record<string, number>>;
}

/** One call that was slow or failed. */
export interface SlowCall {
  readonly predictionId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly latencyMs: number | null;
  readonly status: string;
  readonly segment: Readonly<Record<string, string>>;
}

/** What labels said of answers and how calls went, minute by minute: summarised anew whenever rows or labels change, merged into windows of any length. */
export class Outcomes {
  constructor(private readonly database: Database) {}

  /** Summarises minutes of any number of models anew: a statement a task, and one for their calls. */
  async summarise(streams: readonly OutcomeMinutes[]): Promise<void> {
    const parts = streams.flatMap(inParts);
    for (const chunk of boundedGroups(parts, ({ minutes }) => minutes.length, MINUTES_TOGETHER)) {
      const options = { params: { ...bound(chunk), ...positivesOf(chunk.map(({ model }) => model)) }, settings: SETTINGS, timeoutMs: 300_000 };
      await this.database.command(SERVICE, options);
      for (const [task, own] of groupBy(chunk, ({ model }) => model.task)) {
        const watched = new Map(own.map(({ model, baseline }) => [model.key, watchedSegments(baseline)]));
        const has = [...watched.values()].some((segments) => segments.length > 0);
        const params = { ...options.params, ...bound(own), ...(has ? segmentsBound(watched) : {}) };
        const insert = outcomeInsert(task, has ? SET_SEGMENTS : SET_WHOLE);
        await this.database.command(insert, { ...options, params });
      }
    }
  } // prettier-ignore

  /** Outcomes of windows by their start (epoch seconds), of the whole or of one segment; windows without answers are absent. One query. */
  async windows(
    model: Model,
    span: Span,
    segment: SegmentName | null,
  ): Promise<ReadonlyMap<number, Outcome>> {
    const rows = await this.merged(model, span, { where: OF_SEGMENT, bound: boundTo(segment) });
    return new Map(rows.map((row) => [row.bucket, outcomeOf(model, row)]));
  }

  /** How many rows of a stretch there are of all versions, and of this one that name their request. One query. */
  async rowsByRequest(model: Model, span: Span): Promise<{ readonly rows: number; readonly own: number }> {
    const params = boundsOf(model, span);
    const [found] = await this.database.query<{ rows: number; own: number }>(rowsByRequestSql(model), {
      params,
    });
    return found ?? { rows: 0, own: 0 };
  }

  /** The same as `windows` of the whole, and all of them together, by the labels of other versions' answers to the same requests. Reads the rows of all versions in the stretch. One query. */
  async byRequest(model: Model, span: Span): Promise<OutcomesByRequest> {
    const sql = mergeOf(`${minutesByRequestSql(model)} AS o`, WINDOWS_AND_ALL);
    const options = { params: boundsOf(model, span), settings: SETTINGS, timeoutMs: 120_000 };
    const rows = await this.database.query<OutcomeRow>(sql, options);
    const found = new Map(rows.map((row) => [row.bucket, outcomeOf(model, row)]));
    const together = found.get(ALL);
    found.delete(ALL);
    return { found, together };
  }

  /** How long labels took, by day of the answer; of the whole or of one segment. One query. */
  async delays(model: Model, span: Span, segment: SegmentName | null): Promise<readonly DayOfDelays[]> {
    const delayHours = 1 + (OUTCOME_SUMS[model.task] as readonly string[]).indexOf('delayHours');
    const params = { ...boundsOf(model, span), ...boundTo(segment), delayHours };
    return this.database.query<DayOfDelays>(DELAYS, { params });
  }

  /** Outcomes of a whole stretch by segment, of those that have answers. One query. */
  async bySegment(model: Model, span: Omit<Span, 'widthMs'>): Promise<ReadonlyMap<string, Outcome>> {
    const rows = await this.merged(model, inOneWindow(span), { where: "o.attribute != ''", bound: {} });
    return new Map(
      rows.map((row) => [
        segmentName({ attribute: row.attribute, value: row.segment }),
        outcomeOf(model, row),
      ]),
    );
  }

  /** Calls of windows by their start (epoch seconds), failed ones too. One query. */
  async calls(model: Model, span: Span): Promise<ReadonlyMap<number, Calls>> {
    const rows = await this.database.query<Calls & { readonly bucket: number }>(CALLS, { params: boundsOf(model, span) });
    return new Map(rows.map(({ bucket, ...calls }) => [bucket, calls]));
  } // prettier-ignore

  /** The slowest calls of a stretch, and the newest of those that failed. Reads one range of rows. */
  async slowest(model: Model, span: Omit<Span, 'widthMs'>, most: number): Promise<readonly SlowCall[]> {
    const sql = `SELECT prediction_id AS predictionId, toUnixTimestamp64Milli(ts) AS at, if(isFinite(latency_ms), toFloat64(latency_ms), NULL) AS latencyMs, status, CAST(segment, 'Map(String, String)') AS segment
      FROM predictions FINAL WHERE model = {model:String} AND version = {version:String} AND ${ownRows(model, SPAN)} AND ${IN_SPAN}
        AND (isFinite(latency_ms) OR NOT (${ANSWERED}))
      ORDER BY ifNotFinite(latency_ms, 0) DESC, ts DESC LIMIT {most:UInt32}`;
    const { version, from, to } = span;
    const params = { model: model.key, version, from: sqlMillisecond(from), to: sqlMillisecond(to), most };
    return this.database.query<SlowCall>(sql, { params });
  } // prettier-ignore

  /** Measures of some rules of a baseline in windows, by the window's start (epoch seconds) and the rule. One query. */
  async measures(
    model: Model,
    span: Span,
    { baseline, rules }: { readonly baseline: string; readonly rules: readonly string[] },
  ): Promise<ReadonlyMap<number, Readonly<Record<string, Measure>>>> {
    if (rules.length === 0) return new Map();
    const params = { ...boundsOf(model, span), baseline, rules };
    const rows = await this.database.query<MeasureRow>(MEASURES, { params });
    const windows = groupBy(rows, ({ bucket }) => bucket);
    return new Map(
      [...windows].map(([start, own]) => [
        start,
        Object.fromEntries(own.map((row) => [row.rule, measureOf(row)])),
      ]),
    );
  }

  private async merged(
    model: Model,
    span: Span,
    { where, bound }: { readonly where: string; readonly bound: Readonly<Record<string, unknown>> },
  ): Promise<readonly OutcomeRow[]> {
    const params = { ...boundsOf(model, span), ...bound };
    return this.database.query<OutcomeRow>(MERGE.replace('{where}', where), { params });
  }
}

function boundTo(segment: SegmentName | null) {
  return { attribute: segment?.attribute ?? '', segment: segment?.value ?? '' };
}

function boundsOf({ key }: Model, { version, ...span }: Span) {
  return { model: key, version, ...bounds(span) };
}

function outcomeOf(
  { task }: Model,
  { sums, answer_scores: answerScores, class_rows: classRows, class_hits: classHits, ...row }: OutcomeRow,
): Outcome {
  const named = OUTCOME_SUMS[task].map((name, i) => [name, sums[i] ?? null] as const);
  return { ...row, answerScores, classRows, classHits, sums: Object.fromEntries(named) };
}

import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { IN_SPAN, ownRows, SPAN } from './own-rows.js';
import { literal } from '../store/sql-text.js';
import { segmentValue } from '../constraints/segment-sql.js';
import { ANSWERED } from '../constraints/answered.js';
import { readSegmentKeys } from './slice-sums.js';

/** The calls of a part of the traffic in a stretch. */
export interface SegmentCalls {
  /** '' of all calls. */
  readonly attribute: string;
  readonly value: string;
  readonly calls: number;
  readonly failed: number;
  /** Calls that say how long they took, and those of them that took longer than was asked. */
  readonly timed: number;
  readonly slow: number;
  /** Null where no call says how long it took; of a sketch, within about one percent in rank. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Values of a key that are not listed by themselves. */
export interface OtherValues {
  readonly key: string;
  /** How many there are, within a percent. */
  readonly values: number;
  readonly calls: number;
  readonly failed: number;
  readonly slow: number;
}

export interface CallsBySegment {
  /** Null where no call says how long it took. */
  readonly aboveMs: number | null;
  readonly parts: readonly SegmentCalls[];
  readonly others: readonly OtherValues[];
}

interface Asked {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  /** Null: the 95th percentile of the stretch. */
  readonly aboveMs: number | null;
}

/** Values of a key that are listed: those with the most slow and failed calls, of those with enough calls for a share to say something. */
const MOST_VALUES_LISTED = 20;
const LEAST_LISTED = 20;
const TIMED = 'isFinite(latency_ms)';
const COUNTS = `count() AS calls, countIf(NOT (${ANSWERED})) AS failed, countIf(${TIMED}) AS timed, countIf(${TIMED} AND latency_ms > {limit:Float64}) AS slow`;
const listedSql = (rows: string) => `SELECT place.1 AS attribute, place.2 AS value, ${COUNTS} ${rows}
  GROUP BY attribute, value HAVING attribute != '' AND calls >= ${LEAST_LISTED}
  ORDER BY attribute, slow + failed DESC, calls DESC, value LIMIT ${MOST_VALUES_LISTED} BY attribute`;
const WHERE = `model = {model:String} AND version = {version:String} AND ${IN_SPAN}`;

interface Place {
  readonly attribute: string;
  readonly value: string;
}

/**
 * Calls by the values of each key of `segment` and of the model's `segments`, and of all; with the limit that they were held against. Values with few calls are counted and not listed, so that
 * a key with one value a row costs a count. Three queries over the rows of the stretch, four without a limit.
 */
export async function callsBySegment(
  database: Database,
  model: Model,
  { version, from, to, aboveMs }: Asked,
): Promise<CallsBySegment> {
  const params = { model: model.key, version, from: sqlMillisecond(from), to: sqlMillisecond(to) };
  const options = { params, timeoutMs: 60_000 };
  const rows = `FROM predictions FINAL WHERE ${WHERE} AND ${ownRows(model, SPAN)}`;
  const quantile = `SELECT quantileTDigestIf(0.95)(latency_ms, ${TIMED}) AS p95 ${rows}`;
  const limit = aboveMs ?? (await database.query<{ p95: number | null }>(quantile, options))[0]?.p95 ?? null;
  const keys = [...new Set([...model.segments, ...(await readSegmentKeys(database, model))])];
  const places = keys.map((key) => `(${literal(key)}, ${segmentValue(key)})`);
  const all = `FROM (SELECT latency_ms, status, arrayJoin([${["('', '')", ...places].join(', ')}]) AS place ${rows}) WHERE place.1 = '' OR place.2 != ''`;
  const bound = { ...options, params: { ...params, limit: limit ?? 0 } };
  const listed = await database.query<Place>(listedSql(all), bound);
  const named = `place.1 = '' OR place IN (${listed.map(({ attribute, value }) => `(${literal(attribute)}, ${literal(value)})`).join(', ') || "('', '')"})`;
  const found = await database.query<SegmentCalls & { readonly values: number; readonly named: number }>(
    `SELECT place.1 AS attribute, ${named} AS named, if(named, place.2, '') AS value, uniqCombined(place.2) AS values, ${COUNTS},
       quantileTDigestIf(0.5)(latency_ms, ${TIMED}) AS p50Ms, quantileTDigestIf(0.95)(latency_ms, ${TIMED}) AS p95Ms
     ${all} GROUP BY attribute, named, value ORDER BY attribute, named, slow + failed DESC, calls DESC, value`,
    bound,
  );
  return {
    aboveMs: limit,
    parts: found.filter((one) => one.named === 1).map(({ named: _named, values: _values, ...part }) => part),
    others: found.filter((one) => one.named === 0).map(({ attribute, values, calls, failed, slow }) => ({ key: attribute, values, calls, failed, slow })),
  };
} // prettier-ignore

import { ANSWERED } from '../constraints/answered.js';
import { segmentValue } from '../constraints/segment-sql.js';
import type { Model } from '../domain/model.js';
import { numberText } from '../domain/wording.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { ExampleRow } from './example-rows.js';
import { IN_SPAN, ownRows, SPAN } from './own-rows.js';

/** Calls that show a finding: those that took longer than a limit, or, where there is none, those that failed; of a part of the traffic, or of all. */
export interface AskedCalls {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  readonly aboveMs: number | null;
  readonly segment: { readonly attribute: string; readonly value: string } | null;
  readonly most: number;
}

/** The newest calls of a stretch that were slow, or failed, with how long they took or their code. One query over the rows of the stretch. */
export async function readCallRows(
  database: Database,
  model: Model,
  { version, from, to, aboveMs, segment, most }: AskedCalls,
): Promise<readonly ExampleRow[]> {
  const shows = aboveMs === null ? `NOT (${ANSWERED})` : 'isFinite(latency_ms) AND latency_ms > {aboveMs:Float64}';
  const within = segment === null ? 'true' : `${segmentValue(segment.attribute)} = {value:String}`;
  const params = {
    model: model.key, version, from: sqlMillisecond(from), to: sqlMillisecond(to), aboveMs: aboveMs ?? 0, value: segment?.value ?? '', most,
  };
  const rows = await database.query<{ id: string; at: number; latency: number | null; status: string }>(
    `SELECT prediction_id AS id, toUnixTimestamp64Milli(ts) AS at, if(isFinite(latency_ms), toFloat64(latency_ms), NULL) AS latency, toString(status) AS status
     FROM predictions FINAL WHERE model = {model:String} AND version = {version:String} AND ${ownRows(model, SPAN)} AND ${IN_SPAN} AND (${shows}) AND (${within})
     ORDER BY ts DESC, prediction_id LIMIT {most:UInt32}`,
    { params, timeoutMs: 60_000 },
  );
  return rows.map(({ id, at, latency, status }) => ({ predictionId: id, at, value: aboveMs === null ? status : `${numberText(latency)} ms` }));
} // prettier-ignore

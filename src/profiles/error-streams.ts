import type { ErrorStream } from '../domain/error-stream.js';
import type { Model } from '../domain/model.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { Span } from './merge-minutes.js';
import { answeredRows, IN_SPAN, SPAN } from './own-rows.js';
import { labelledPredictions } from './performance-sql.js';
import { wrongness } from '../constraints/judgement.js';
import { literal } from '../store/sql-text.js';
import { segmentValue } from '../constraints/segment-sql.js';

/** Labelled rows of a window that are read; of more, one in so many by a hash of their ids. */
export const MOST_ERRORS = 20_000;

/** Windows whose errors are read together, and which of their rows. */
export interface ErrorSpan extends Span {
  readonly every: number;
}

/**
 * How wrong each labelled answer was, by the start of the window (epoch seconds) and the segment's name ('' for all rows), in the order of
 * (event time, prediction id). Windows without such rows are absent. One query.
 */
export async function readErrors(
  database: Database,
  model: Model,
  { version, from, to, widthMs, every }: ErrorSpan,
  segments: readonly SegmentName[],
): Promise<ReadonlyMap<number, Readonly<Record<string, ErrorStream>>>> {
  const names = ['', ...segments.map(segmentName)];
  const params = {
    model: model.key,
    version,
    from: sqlMillisecond(from),
    to: sqlMillisecond(to),
    origin: Math.floor(from.getTime() / 1000),
    width: widthMs / 1000,
    every,
  };
  const rows = await database.query<{ bucket: number; streams: readonly (readonly number[])[] }>(
    errorsSql(model, segments),
    { params, timeoutMs: 120_000 },
  );
  return new Map(
    rows.map(({ bucket, streams }) => [
      bucket,
      Object.fromEntries(names.map((name, i) => [name, { errors: streams[i] ?? [], every }])),
    ]),
  );
}

function errorsSql(model: Model, segments: readonly SegmentName[]): string {
  const columns = `prediction_id, ts, label, score, value, scores, status${segments.length > 0 ? ', segment, cat' : ''}`;
  const own = segments.map(
    ({ attribute, value }, i) => `${segmentValue(attribute)} = ${literal(value)} AS s${i}`,
  );
  const where = `version = {version:String} AND ${answeredRows(model, SPAN)} AND ${IN_SPAN} AND cityHash64(prediction_id) % {every:UInt32} = 0`;
  const inOrder = (rows: string) => `arrayMap(r -> r.3, arraySort(${rows}))`;
  const row = '(ts, prediction_id, wrong)';
  const streams = [
    inOrder(`groupArray(${row})`),
    ...own.map((_, i) => inOrder(`groupArrayIf(${row}, s${i})`)),
  ];
  return `SELECT bucket, [${streams.join(', ')}] AS streams FROM (
    SELECT intDiv(toUnixTimestamp(ts) - {origin:Int64}, {width:UInt32}) * {width:UInt32} + {origin:Int64} AS bucket, ts, prediction_id,
      ${[`${wrongness(model)} AS wrong`, ...own].join(', ')}
    ${labelledPredictions(columns, where)} WHERE labelled
  ) WHERE isFinite(wrong) GROUP BY bucket`;
}

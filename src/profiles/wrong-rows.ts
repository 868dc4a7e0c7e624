import { wrongness } from '../constraints/judgement.js';
import { segmentValue } from '../constraints/segment-sql.js';
import type { Model } from '../domain/model.js';
import type { SegmentName } from '../domain/segment-rule.js';
import { numberText } from '../domain/wording.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { ExampleRow } from './example-rows.js';
import { answeredRows, IN_SPAN, SPAN } from './own-rows.js';
import { labelledPredictions } from './performance-sql.js';

/** Labelled answers of a stretch, of a part of the traffic or of all. */
export interface AskedAnswers {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  readonly segment: SegmentName | null;
  readonly most: number;
}

interface WrongRow {
  readonly id: string;
  readonly at: number;
  readonly label: string;
  readonly score: number | null;
  readonly value: number | null;
  readonly actual: string;
  readonly actual_value: number | null;
}

/** Labelled answers that were wrong, newest first; of a regression those that were furthest from the truth. With what was answered and what the label says. One query over the rows of the stretch. */
export async function readWrongRows(
  database: Database,
  model: Model,
  { version, from, to, segment, most }: AskedAnswers,
): Promise<readonly ExampleRow[]> {
  const where = `version = {version:String} AND ${answeredRows(model, SPAN)} AND ${IN_SPAN}`;
  const within = segment === null ? 'true' : `${segmentValue(segment.attribute)} = {segment:String}`;
  const columns = `ts, prediction_id, status, label, score, value, scores${segment === null ? '' : ', segment, cat'}`;
  const params = {
    model: model.key, version, from: sqlMillisecond(from), to: sqlMillisecond(to), segment: segment?.value ?? '', most,
  };
  const rows = await database.query<WrongRow>(
    `SELECT prediction_id AS id, toUnixTimestamp64Milli(ts) AS at, toString(label) AS label, score, value,
       toString(actual) AS actual, actual_value
     FROM (SELECT *, ${wrongness(model)} AS wrong ${labelledPredictions(columns, where)} WHERE labelled AND (${within}))
     WHERE isFinite(wrong) AND wrong > 0 ORDER BY ${model.task === 'regression' ? 'wrong DESC, ' : ''}ts DESC, prediction_id LIMIT {most:UInt32}`,
    { params, timeoutMs: 60_000 },
  );
  return rows.map((row) => ({ predictionId: row.id, at: row.at, value: wrongText(row, model) }));
} // prettier-ignore

/** What was answered, and what is true. */
function wrongText(row: WrongRow, { task }: Model): string {
  if (task === 'regression')
    return `${numberText(row.value)} where the label is ${numberText(row.actual_value)}`;
  return `${row.label === '' ? `score ${numberText(row.score)}` : `"${row.label}"`} where the label is "${row.actual}"`;
}

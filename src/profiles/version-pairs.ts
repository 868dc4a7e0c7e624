import { labelsOfRows, NEWEST_LABEL } from './newest-label.js';
import type { Model } from '../domain/model.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { VersionPairs } from '../domain/version-comparison.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { answeredRows, IN_SPAN, SPAN } from './own-rows.js';
import { judgement } from '../constraints/judgement.js';
import { literal } from '../store/sql-text.js';
import { segmentValue } from '../constraints/segment-sql.js';

/** Two versions of a model on a stretch of event time. */
export interface PairedSpan {
  readonly model: Model;
  readonly own: string;
  readonly other: string;
  readonly from: Date;
  readonly to: Date;
}

/** Rows that are looked at; of more, whole requests chosen by a hash. */
const MOST_PAIRS = 1_000_000;
/** Values of a regression that differ by less than this part are the same answer. */
const SAME = 0.01;
/** Requests are added up in the order of their names, so that the sums of b against a are those of a against b, to the last digit. */
const IN_ORDER = { query_plan_remove_redundant_sorting: 0 } as const;
/** What a row answers: a request that is named, else the prediction itself, which shadows answer under the same id. */
const REQUEST = `if(tags['request_id'] != '', tags['request_id'], prediction_id)`;

interface PairsRow extends VersionPairs {
  readonly attribute: string;
  readonly segment: string;
}

/** Requests that both versions answered, of all rows (under '') and by watched segment. Two statements over the rows of both. */
export async function readPairs(
  database: Database,
  span: PairedSpan,
  segments: readonly SegmentName[],
): Promise<ReadonlyMap<string, VersionPairs>> {
  const { model, own, other, from, to } = span;
  const bounds = { from: sqlMillisecond(from), to: sqlMillisecond(to) };
  const params = { model: model.key, own, other, ...bounds };
  const where = `model = {model:String} AND version IN ({own:String}, {other:String}) AND ${answeredRows(model, SPAN)} AND ${IN_SPAN}`;
  const [counted] = await database.query<{ rows: number }>(
    `SELECT count() AS rows FROM predictions WHERE ${where}`,
    { params, timeoutMs: 120_000 },
  );
  const every = Math.max(1, Math.ceil((counted?.rows ?? 0) / MOST_PAIRS));
  const sql = pairsSql(model, `${where} AND cityHash64(${REQUEST}) % ${every} = 0`, segments);
  const rows = await database.query<PairsRow>(sql, { params, settings: IN_ORDER, timeoutMs: 300_000 });
  return new Map(
    rows.map(({ attribute, segment, ...pairs }) => [
      attribute === '' ? '' : segmentName({ attribute, value: segment }),
      pairs,
    ]),
  );
}

function pairsSql(model: Model, where: string, segments: readonly SegmentName[]): string {
  const is = judgement(model.task, literal(model.positive ?? ''));
  const keys = [...new Set(segments.map(({ attribute }) => attribute))];
  const values = keys.map((attribute, i) => `${segmentValue(attribute)} AS s${i}`);
  const places = keys.map((attribute, i) => {
    const own = segments.filter((one) => one.attribute === attribute).map(({ value }) => literal(value));
    return `if(has([${own.join(', ')}], place${i}), [(${literal(attribute)}, place${i})], [])`;
  });
  const of = (column: string) => `anyIf(${column}, mine) AS own_${column}, anyIf(${column}, NOT mine) AS other_${column}`;
  const alike = {
    binary: 'own_says = other_says',
    multiclass: 'own_label = other_label',
    regression: `abs(own_value - other_value) <= ${SAME} * greatest(abs(own_value), abs(other_value))`,
  }[model.task];
  const differing = (name: string, plural: string) => {
    const [both, by] = [`known AND isFinite(own_${name} - other_${name})`, `(own_${name} - other_${name})`];
    return `countIf(${both}) AS ${plural}, sumIf(${by}, ${both}) AS ${name}, sumIf(${by} * ${by}, ${both}) AS ${name}Squares,
      sumIf(own_${name}, ${both}) AS ${name}Own, sumIf(other_${name}, ${both}) AS ${name}Other`;
  };
  const [onlyOwn, onlyOther] = ['known AND own_right AND NOT other_right', 'known AND other_right AND NOT own_right'];
  return `WITH taken AS (
    SELECT version, prediction_id, ${REQUEST} AS request, label, score, value, scores, segment, cat FROM predictions FINAL WHERE ${where}
  ), truths AS (
    SELECT t.request AS request, any(l.actual) AS actual, any(l.actual_value) AS actual_value, toUInt8(1) AS seen FROM taken AS t INNER JOIN (
      SELECT prediction_id, ${NEWEST_LABEL}
      FROM labels WHERE model = {model:String} AND ${labelsOfRows('prediction_id', 'FROM taken')} GROUP BY prediction_id
    ) AS l ON t.prediction_id = l.prediction_id GROUP BY request
  )
  SELECT place.1 AS attribute, place.2 AS segment, count() AS requests, countIf(${alike}) AS agreed, countIf(known) AS labelled,
    countIf(${onlyOwn}) AS onlyOwn, countIf(${onlyOther}) AS onlyOther, countIf(known AND positive) AS positives,
    countIf(positive AND ${onlyOwn}) AS positivesOnlyOwn, countIf(positive AND ${onlyOther}) AS positivesOnlyOther,
    countIf(known AND own_right) AS rightOwn, countIf(known AND other_right) AS rightOther,
    countIf(positive AND known AND own_right) AS positivesRightOwn, countIf(positive AND known AND other_right) AS positivesRightOther,
    ${differing('loss', 'losses')}, ${differing('error', 'errors')}
  FROM (
    SELECT *, arrayJoin(arrayConcat(${["[('', '')]", ...places].join(', ')})) AS place FROM (
      SELECT request, max(is_known) AS known, max(is_positive) AS positive, ${['label', 'value', 'says', 'right', 'loss', 'error'].map(of).join(', ')}
        ${keys.map((_, i) => `, any(s${i}) AS place${i}`).join('')}
      FROM (
        SELECT request, version = {own:String} AS mine, is_known, label, value, toUInt8(is_known AND ${is.positive}) AS is_positive, toUInt8(${is.predicted}) AS says,
          toUInt8(${is.correct}) AS right, ${is.loss} AS loss, pow(${is.error}, 2) AS error${values.map((one) => `, ${one}`).join('')}
        FROM (
          SELECT r.*, t.seen = 1 AS is_known, t.actual AS actual, t.actual_value AS actual_value
          FROM taken AS r LEFT ANY JOIN truths AS t ON r.request = t.request
        )
      ) GROUP BY request HAVING countIf(mine) > 0 AND countIf(NOT mine) > 0 ORDER BY request
    )
  ) GROUP BY attribute, segment`;
} // prettier-ignore

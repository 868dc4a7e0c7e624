import type { Model } from '../domain/model.js';
import { literal } from '../store/sql-text.js';
import { labelsOfRows, NEWEST_LABEL } from './newest-label.js';
import { OUTCOME_COLUMNS, outcomeSelect } from './outcome-sql.js';
import { answeredRows } from './own-rows.js';
import { SET_WHOLE } from './set-outcome-sql.js';

/** Rows of all versions together that one statement joins; of more the labels of others are not looked for. */
export const MOST_ROWS_BY_REQUEST = 400_000;

/** As minutes are read: bounds are whole seconds. */
const SECONDS = {
  from: "toDateTime64({from:DateTime}, 3, 'UTC')",
  to: "toDateTime64({to:DateTime}, 3, 'UTC')",
};
const rowsOf = (model: Model) =>
  `model = {model:String} AND ${answeredRows(model, SECONDS)} AND ts >= ${SECONDS.from} AND ts < ${SECONDS.to}`;

/** How many rows there are of all versions, and of this one that name their request. Parameters: model, version, from, to. */
export function rowsByRequestSql(model: Model): string {
  return `SELECT count() AS rows, countIf(version = {version:String} AND tags['request_id'] != '') AS own FROM predictions WHERE ${rowsOf(model)}`;
}

/**
 * Minutes of a version's answers as `outcomes_1m` has them, by the newest label of any version's answer to the same request (`request_id`), as a source of rows that has `minute`. Both answers lie in
 * the stretch. Parameters: model, version, from, to.
 */
export function minutesByRequestSql(model: Model): string {
  const source = `FROM (
      SELECT r.model AS model, r.version AS version, r.ts AS ts, r.label AS label, r.score AS score, r.value AS value, r.scores AS scores, r.status AS status,
        t.seen = 1 AS labelled, t.actual AS actual, t.actual_value AS actual_value, t.actual_at AS actual_at
      FROM (SELECT * FROM taken WHERE version = {version:String}) AS r LEFT ANY JOIN truths AS t ON r.request = t.request
    )`;
  const positive = literal(model.positive ?? '');
  const minutes = outcomeSelect(model.task, { source, positive, places: SET_WHOLE });
  return `(WITH taken AS (
      SELECT model, version, ts, prediction_id, tags['request_id'] AS request, label, score, value, scores, status FROM predictions FINAL WHERE ${rowsOf(model)} AND tags['request_id'] != ''
    ), truths AS (
      SELECT t.request AS request, argMax(l.actual, l.actual_at) AS actual, argMax(l.actual_value, l.actual_at) AS actual_value, max(l.actual_at) AS actual_at, toUInt8(1) AS seen
      FROM taken AS t INNER JOIN (
        SELECT prediction_id, ${NEWEST_LABEL}, max(labelled_at) AS actual_at
        FROM labels WHERE model = {model:String} AND ${labelsOfRows('prediction_id', 'FROM taken')} GROUP BY prediction_id
      ) AS l ON t.prediction_id = l.prediction_id GROUP BY request
    ) SELECT bucket AS minute, ${OUTCOME_COLUMNS} FROM (${minutes}))`;
} // prettier-ignore

import { LABEL_SAID, newestLabels, ROW_MARK } from '../profiles/row-digests.js';
import { markSql } from '../profiles/row-marks.js';
import { NEWEST } from '../windows/window.repository.js';
import { OWN } from './erase-sql.js';

/** What is noted of an erasure beside the rows of tables: that all of its rows are noted by their marks, and those marks. */
const KINDS = { exact: 'exact', rows: 'row marks', labels: 'label marks' } as const;

/** Notes, where nothing is noted yet, that marks are. Erasures that an older release began have none of rows that are gone. Parameters: erasure. */
export const NOTE_EXACT = `INSERT INTO erasing (erasure, kind)
  SELECT {erasure:String}, '${KINDS.exact}' WHERE (SELECT count() FROM erasing WHERE erasure = {erasure:String}) = 0`;

/** Which of several erasures note marks. Parameters: erasures. */
export const EXACT_ONES = `SELECT DISTINCT erasure FROM erasing WHERE erasure IN {erasures:Array(String)} AND kind = '${KINDS.exact}'`;

const NOTED =
  'INSERT INTO erasing (erasure, kind, model, id, ts, version, grouped, source, said, came, given, label_came)';
const MS = 'toUnixTimestamp64Milli';

/** Notes the marks of the person's predictions, as {@link ROW_MARK} sums them. Parameters: subject, erasure. */
export const NOTE_ROW_MARKS = `${NOTED}
  SELECT {erasure:String}, '${KINDS.rows}', model, cityHash64(prediction_id), ts, version, ${ROW_MARK.group}, ${ROW_MARK.source}, toUInt64(${ROW_MARK.said}), ${MS}(ingested_at), 0, 0
  FROM predictions FINAL WHERE subject = {subject:String}`;

const LOSING = `(model, prediction_id) IN (${OWN}) OR (model, prediction_id) IN (SELECT model, prediction_id FROM labels WHERE tags['subject'] = {subject:String})`;
/** The same of the labels that go, by the predictions that they are of. */
export const NOTE_LABEL_MARKS = `${NOTED}
  SELECT {erasure:String}, '${KINDS.labels}', p.model, cityHash64(p.prediction_id), p.ts, p.version, p.grouped, l.newest.1, toUInt64(${LABEL_SAID}), p.came, toUnixTimestamp(l.newest.3), ${MS}(l.newest.2)
  FROM (
    SELECT toString(model) AS model, prediction_id, ts, version, ${ROW_MARK.group} AS grouped, ${MS}(ingested_at) AS came, (model, prediction_id) IN (${OWN}) AS isOwn
    FROM predictions FINAL WHERE ${LOSING}
  ) AS p
  INNER JOIN (
        ${newestLabels(`FROM predictions WHERE ${LOSING}`, `, tags['subject'] = {subject:String}`)}
  ) AS l ON p.model = l.model AND p.prediction_id = l.prediction_id
  WHERE p.isOwn OR l.newest.4`;

const OF_ERASURES = `erasing WHERE erasure IN {erasures:Array(String)} AND kind IN ('${KINDS.rows}', '${KINDS.labels}')`;
const ROWS_NOTED = `SELECT DISTINCT kind, toString(model) AS model, toString(version) AS version, id, toUnixTimestamp(ts) AS second, grouped, source, said, came, given, label_came FROM ${OF_ERASURES}`;
/** When the last of what a window was judged on had arrived, as it is kept beside it; what came later was no part of its marks. */
const arrived = (of: 'rows' | 'labelRows') =>
  `JSONExtractInt(substring(rows, position(rows, ' ') + 1), '${of}', 'arrived')`;
const JUDGED = `
  SELECT toString(model) AS model, toString(version) AS version, toString(track) AS track, toUnixTimestamp(window_from) AS start, toUnixTimestamp(window_to) - toUnixTimestamp(window_from) AS width, revision,
    ${arrived('rows')} AS rowsBy, ${arrived('labelRows')} AS labelsBy
  FROM windows FINAL WHERE (model, version) IN (SELECT model, version FROM ${OF_ERASURES})
    AND window_from > (SELECT min(ts) FROM ${OF_ERASURES}) - INTERVAL 1 DAY AND window_from <= (SELECT max(ts) FROM ${OF_ERASURES}) ${NEWEST}`;

const had = (came: string, by: string) => `(${by} = 0 OR ${came} <= ${by})`;
const IS_ROW = `n.kind = '${KINDS.rows}'`;
const IS_LABEL = `(n.kind = '${KINDS.labels}' AND w.track = 'labels' AND n.given >= w.start AND ${had('n.label_came', 'w.labelsBy')})`;
const markOf = (isIn: string) => markSql('grouped', { places: 'source', contents: 'said' }, isIn);
const marks = (mark: string, isThere: string) =>
  `base64Encode(arrayStringConcat(arraySort(groupArrayIf(${mark}, ${isThere}))))`;

/**
 * What erasures that note marks take of judged windows, by the judgement whose marks it was part of: of the newest of each window and track. Parameters: erasures.
 */
export const TAKEN = `
  SELECT model, version, track, start, revision, ${marks('rowMark', 'rowCount > 0')} AS rows, ${marks('labelMark', 'labelCount > 0')} AS labels
  FROM (
    SELECT model, version, track, start, revision, grouped, countIf(isRow) AS rowCount, countIf(isLabel) AS labelCount, ${markOf('isRow')} AS rowMark, ${markOf('isLabel')} AS labelMark
    FROM (
      SELECT w.model AS model, w.version AS version, w.track AS track, w.start AS start, w.revision AS revision, n.grouped AS grouped, n.source AS source, n.said AS said, ${IS_ROW} AS isRow, ${IS_LABEL} AS isLabel
      FROM (
        SELECT noted.*, v.width AS width, toUInt32(intDiv(noted.second, v.width) * v.width) AS start
        FROM (${ROWS_NOTED}) AS noted
        INNER JOIN (SELECT DISTINCT model, version, width FROM (${JUDGED})) AS v ON noted.model = v.model AND noted.version = v.version
      ) AS n
      INNER JOIN (${JUDGED}) AS w ON n.model = w.model AND n.version = w.version AND n.start = w.start AND n.width = w.width
      WHERE ${had('n.came', 'w.rowsBy')}
    ) WHERE isRow OR isLabel GROUP BY model, version, track, start, revision, grouped
  ) GROUP BY model, version, track, start, revision ORDER BY model, version, track, start`;

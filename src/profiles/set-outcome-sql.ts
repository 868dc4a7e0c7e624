import type { Model } from '../domain/model.js';
import { WHERE } from './row-blocks.js';

const COLUMNS =
  'model, version, ts, prediction_id, label, score, value, scores, status, segment, cat, latency_ms';

/** Rows of any number of models (row-blocks.ts `bound`), as a FROM clause. */
export const SET_ROWS = `FROM (SELECT ${COLUMNS} FROM predictions FINAL WHERE ${WHERE})`;

/** The same with their newest label; a failed call has none. */
export const SET_LABELLED = `FROM (
  SELECT p.*, (l.actual != '' OR isNotNull(l.seen)) AS labelled, l.actual AS actual, l.actual_value AS actual_value, l.actual_at AS actual_at
  ${SET_ROWS} AS p
  LEFT ANY JOIN (
    SELECT model, prediction_id, argMax(label, (labelled_at, offset)) AS actual, argMax(value, (labelled_at, offset)) AS actual_value,
      max(labelled_at) AS actual_at, toNullable(1) AS seen
    FROM labels WHERE (model, prediction_id) IN (SELECT model, prediction_id FROM predictions WHERE ${WHERE}) GROUP BY model, prediction_id
  ) AS l ON p.model = l.model AND p.prediction_id = l.prediction_id
)`;

/** The positive class of a row's model, out of lists that are bound. */
export const SET_POSITIVE =
  "transform(toString(model), {binaryModels:Array(String)}, {positives:Array(String)}, '')";

/** What `SET_POSITIVE` binds. */
export function positivesOf(models: readonly Model[]) {
  return {
    binaryModels: models.map(({ key }) => key),
    positives: models.map(({ positive = '' }) => positive),
  };
}

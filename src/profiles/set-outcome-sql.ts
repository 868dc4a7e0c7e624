import type { Model } from '../domain/model.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import { WHERE } from './row-blocks.js';
import { segmentValueOf } from './segment-sql.js';

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

/** All that a row is counted under: only the whole, or the watched segments of its model too, out of lists that are bound. */
export const SET_WHOLE = "[('', '')]";
export const SET_SEGMENTS = `arrayConcat(${SET_WHOLE}, arrayFilter(
  place -> has({watched:Map(String, Array(String))}[toString(model)], concat(place.1, '=', place.2)),
  arrayMap(key -> (key, ${segmentValueOf('key')}), {segmentKeys:Map(String, Array(String))}[toString(model)])))`;

/** What `SET_SEGMENTS` binds. */
export function segmentsBound(watched: ReadonlyMap<string, readonly SegmentName[]>) {
  const by = (names: (segments: readonly SegmentName[]) => readonly string[]) =>
    new Map([...watched].map(([model, segments]) => [model, [...new Set(names(segments))]]));
  return {
    segmentKeys: by((segments) => segments.map(({ attribute }) => attribute)),
    watched: by((segments) => segments.map(segmentName)),
  };
}

/** What `SET_POSITIVE` binds. */
export function positivesOf(models: readonly Model[]) {
  return {
    binaryModels: models.map(({ key }) => key),
    positives: models.map(({ positive = '' }) => positive),
  };
}

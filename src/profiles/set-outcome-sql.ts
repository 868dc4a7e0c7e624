import type { Model } from '../domain/model.js';
import type { SegmentName } from '../domain/segment-rule.js';
import { WHERE, withLabels } from './row-blocks.js';
import { segmentValueOf } from '../constraints/segment-sql.js';

const COLUMNS =
  'model, version, ts, prediction_id, label, score, value, scores, status, segment, cat, latency_ms';

const ROWS = `SELECT ${COLUMNS} FROM predictions FINAL WHERE ${WHERE}`;

/** Rows of any number of models (row-blocks.ts `bound`), as a FROM clause. */
export const SET_ROWS = `FROM (${ROWS})`;

/** The same with their newest label. */
export const SET_LABELLED = withLabels(ROWS);

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
    watched: by((segments) => segments.map(({ attribute, value }) => `${attribute}=${value}`)),
  };
}

/** What `SET_POSITIVE` binds. */
export function positivesOf(models: readonly Model[]) {
  return {
    binaryModels: models.map(({ key }) => key),
    positives: models.map(({ positive = '' }) => positive),
  };
}

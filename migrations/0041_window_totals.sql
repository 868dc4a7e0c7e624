-- What is known of all judged windows of a version together, so that a start need not read them. Instants are epoch seconds.
CREATE TABLE IF NOT EXISTS window_totals {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  closed_to SimpleAggregateFunction(max, UInt32),
  width AggregateFunction(argMax, UInt32, UInt32),
  watermark SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
  -- starts of all of them, of those whose labels were judged, and of those with rows and with labels
  judged AggregateFunction(groupBitmap, UInt32),
  judged_labels AggregateFunction(groupBitmap, UInt32),
  with_rows AggregateFunction(groupBitmap, UInt32),
  with_labels AggregateFunction(groupBitmap, UInt32)
) ENGINE = {{engine:AggregatingMergeTree}}
ORDER BY (model, version);

CREATE MATERIALIZED VIEW IF NOT EXISTS windows_totals {{on_cluster}} TO window_totals AS
SELECT w.model AS model, w.version AS version, max(toUInt32(toUnixTimestamp(w.window_to))) AS closed_to,
  argMaxState(toUInt32(w.window_to - w.window_from), toUInt32(toUnixTimestamp(w.window_from))) AS width,
  max(w.watermark) AS watermark,
  groupBitmapState(toUInt32(toUnixTimestamp(w.window_from))) AS judged,
  groupBitmapStateIf(toUInt32(toUnixTimestamp(w.window_from)), w.track = 'labels') AS judged_labels,
  groupBitmapStateIf(toUInt32(toUnixTimestamp(w.window_from)), w.predictions > 0) AS with_rows,
  groupBitmapStateIf(toUInt32(toUnixTimestamp(w.window_from)), w.labelled > 0) AS with_labels
FROM windows AS w GROUP BY model, version;

-- What was judged before.
INSERT INTO window_totals (model, version, closed_to, width, watermark, judged, judged_labels, with_rows, with_labels)
SELECT w.model AS model, w.version AS version, max(toUInt32(toUnixTimestamp(w.window_to))) AS closed_to,
  argMaxState(toUInt32(w.window_to - w.window_from), toUInt32(toUnixTimestamp(w.window_from))) AS width,
  max(w.watermark) AS watermark,
  groupBitmapState(toUInt32(toUnixTimestamp(w.window_from))) AS judged,
  groupBitmapStateIf(toUInt32(toUnixTimestamp(w.window_from)), w.track = 'labels') AS judged_labels,
  groupBitmapStateIf(toUInt32(toUnixTimestamp(w.window_from)), w.predictions > 0) AS with_rows,
  groupBitmapStateIf(toUInt32(toUnixTimestamp(w.window_from)), w.labelled > 0) AS with_labels
FROM windows AS w GROUP BY model, version;

-- A row belongs to an environment and a version, whether or not it says so: `production` and `unversioned` are written so everywhere. Rows
-- of two environments never replace each other, though traffic that is mirrored has the same ids: the environment is part of a row's place.

ALTER TABLE predictions {{on_cluster}}
  ADD COLUMN IF NOT EXISTS place LowCardinality(String) AFTER environment,
  MODIFY ORDER BY (model, version, toStartOfMinute(ts), prediction_id, place);

ALTER TABLE judged_events_predictions {{on_cluster}} MODIFY QUERY
SELECT model, if(judged_events.version = '', 'unversioned', judged_events.version) AS version,
  if(judged_events.environment = '', 'production', judged_events.environment) AS environment,
  if(environment = 'production', '', environment) AS place,
  fromUnixTimestamp64Milli(assumeNotNull(ts), 'UTC') AS ts, prediction_id,
  CAST(mapFromArrays(arrayFilter((n, x) -> isNotNull(x), names, numbers), arrayFilter(x -> isNotNull(x), numbers)), 'Map(LowCardinality(String), Float64)') AS num,
  CAST(mapFromArrays(arrayFilter((n, x) -> isNotNull(x), names, words), arrayFilter(x -> isNotNull(x), words)), 'Map(LowCardinality(String), LowCardinality(String))') AS cat,
  nulls,
  ifNull(label, '') AS label, ifNull(score, nan) AS score, ifNull(value, nan) AS value,
  CAST(mapFromArrays(mapKeys(t.prediction.scores), score_values), 'Map(LowCardinality(String), Float64)') AS scores,
  CAST(t.segment, 'Map(LowCardinality(String), LowCardinality(String))') AS segment,
  CAST(t.protected, 'Map(LowCardinality(String), LowCardinality(String))') AS protected,
  CAST(mapFromArrays(mapKeys(t.attributions), arrayMap(x -> ifNull(x, 0), mapValues(t.attributions))), 'Map(LowCardinality(String), Float64)') AS attributions,
  subject, status, toFloat32(ifNull(latency, nan)) AS latency_ms, mapUpdate(unknown, t.tags) AS tags, topic, partition, offset
FROM judged_events
WHERE problem = '' AND kind != 2;

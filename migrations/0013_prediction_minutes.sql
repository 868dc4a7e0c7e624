-- In which minute a prediction lies, by a hash of its id: a late label finds its minute without a scan of everything ever stored.
-- Two ids of one hash make one minute more be summarised anew, which changes nothing.
CREATE TABLE IF NOT EXISTS prediction_minutes {{on_cluster}} (
  model LowCardinality(String),
  id UInt64,
  minute DateTime('UTC'),
  version LowCardinality(String),
  environment LowCardinality(String)
) ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (model, id, minute, version, environment)
-- A label asks for one row: small granules read little around it.
SETTINGS index_granularity = 512;

CREATE MATERIALIZED VIEW IF NOT EXISTS predictions_minutes {{on_cluster}} TO prediction_minutes AS
SELECT model, cityHash64(prediction_id) AS id, toDateTime(toStartOfMinute(ts), 'UTC') AS minute, version, environment
FROM predictions;

-- What was stored before.
INSERT INTO prediction_minutes (model, id, minute, version, environment)
SELECT model, cityHash64(prediction_id), toDateTime(toStartOfMinute(ts), 'UTC'), version, environment FROM predictions;

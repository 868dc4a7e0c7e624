-- Rows of a prediction that lies in an earlier minute of the same version already: a retry that took a new time. They are kept and counted
-- nowhere. The id is that of prediction_minutes.
CREATE TABLE IF NOT EXISTS repeated_predictions {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  environment LowCardinality(String),
  minute DateTime('UTC'),
  id UInt64
) ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (model, version, minute, id, environment);

-- Rows of a training run that have a label, for as long as its files are written: labels lie in the order of their ids, and finding those of a stretch
-- of time would read all of them for every file. A run's partition goes when its files are there; what a killed process left goes after a day.
CREATE TABLE IF NOT EXISTS training_labels {{on_cluster}} (
  run String,
  ts DateTime64(3, 'UTC'),
  prediction_id String,
  actual LowCardinality(String),
  actual_value Float64,
  staged_at DateTime('UTC') DEFAULT now('UTC')
) ENGINE = {{engine:MergeTree}}
PARTITION BY run
ORDER BY (ts, prediction_id)
TTL staged_at + INTERVAL 1 DAY;

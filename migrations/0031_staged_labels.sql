-- The labels of a training run's rows, for as long as its files are written, in the order of time: every label that was given to a row, and the
-- newest counts. Which one that is, the engine finds when it merges or reads; to find it before would take longer than all the rest.
DROP TABLE IF EXISTS training_labels {{on_cluster}};

CREATE TABLE IF NOT EXISTS staged_labels {{on_cluster}} (
  run String,
  ts DateTime64(3, 'UTC'),
  prediction_id String,
  actual LowCardinality(String),
  actual_value Float64,
  -- when it was given and, of two at once, which came later
  said UInt128,
  staged_at DateTime('UTC') DEFAULT now('UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(said)
PARTITION BY run
ORDER BY (ts, prediction_id)
TTL staged_at + INTERVAL 1 DAY;

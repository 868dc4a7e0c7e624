-- The labels of a training run's rows go by 128 bits of the id instead of its text, and what was staged at this moment is staged again: half of the bytes
-- to join, to sort and to store.
DROP TABLE IF EXISTS staged_labels {{on_cluster}};

CREATE TABLE IF NOT EXISTS staged_labels {{on_cluster}} (
  run LowCardinality(String),
  ts DateTime64(3, 'UTC'),
  -- cityHash64 of the prediction's id above, its sipHash64 below
  id UInt128,
  actual LowCardinality(String),
  actual_value Float64,
  -- when it was given and, of two at once, which came later
  said UInt128,
  staged_at DateTime('UTC') DEFAULT now('UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(said)
PARTITION BY run
ORDER BY (ts, id)
TTL staged_at + INTERVAL 1 DAY;

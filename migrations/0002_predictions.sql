-- What models said, what turned out to be true, and what could not be understood.
-- Re-delivery collapses in the key; the version column is replay-deterministic (the transport's own order).

CREATE TABLE IF NOT EXISTS predictions {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  environment LowCardinality(String),
  ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  prediction_id String,
  num Map(LowCardinality(String), Float64),
  cat Map(LowCardinality(String), LowCardinality(String)),
  -- names of features that were present and null
  nulls Array(LowCardinality(String)),
  -- the model's output; NaN and '' where the task has none
  label LowCardinality(String),
  score Float64,
  value Float64,
  scores Map(LowCardinality(String), Float64),
  segment Map(LowCardinality(String), LowCardinality(String)),
  protected Map(LowCardinality(String), LowCardinality(String)),
  attributions Map(LowCardinality(String), Float64),
  subject String,
  status LowCardinality(String),
  latency_ms Float32,
  tags Map(LowCardinality(String), String),
  topic LowCardinality(String),
  partition UInt16,
  offset UInt64 CODEC(Delta(8), ZSTD(1)),
  ingested_at DateTime64(3, 'UTC') DEFAULT now64(3),
  INDEX by_offset offset TYPE minmax GRANULARITY 1,
  INDEX by_ingested ingested_at TYPE minmax GRANULARITY 1,
  INDEX by_id prediction_id TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = {{engine:ReplacingMergeTree}}(offset)
PARTITION BY toYYYYMM(ts)
PRIMARY KEY (model, version, toStartOfMinute(ts))
ORDER BY (model, version, toStartOfMinute(ts), prediction_id);

CREATE TABLE IF NOT EXISTS labels {{on_cluster}} (
  model LowCardinality(String),
  prediction_id String,
  source LowCardinality(String),
  -- the class as text; numbers also in `value`
  label LowCardinality(String),
  value Float64,
  labelled_at DateTime64(3, 'UTC'),
  tags Map(LowCardinality(String), String),
  topic LowCardinality(String),
  partition UInt16,
  offset UInt64 CODEC(Delta(8), ZSTD(1)),
  ingested_at DateTime64(3, 'UTC') DEFAULT now64(3),
  INDEX by_offset offset TYPE minmax GRANULARITY 1,
  INDEX by_ingested ingested_at TYPE minmax GRANULARITY 1
) ENGINE = {{engine:ReplacingMergeTree}}(labelled_at)
ORDER BY (model, prediction_id, source);

CREATE TABLE IF NOT EXISTS dead_letters {{on_cluster}} (
  topic LowCardinality(String),
  partition UInt16,
  offset UInt64,
  kind LowCardinality(String),
  model LowCardinality(String),
  received_at DateTime64(3, 'UTC'),
  code LowCardinality(String),
  message String,
  raw String,
  -- the insert that refused it
  batch UInt64,
  -- epoch 0: still open. Set when the same bytes, sent again, were taken: the row stays as a record.
  replayed_at DateTime64(3, 'UTC'),
  ingested_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = {{engine:ReplacingMergeTree}}(ingested_at)
PARTITION BY toYYYYMM(received_at)
ORDER BY (topic, partition, offset);

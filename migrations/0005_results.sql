-- Closed windows, their revisions, what the checks said, and the detectors' state after each.

CREATE TABLE IF NOT EXISTS windows {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  window_from DateTime('UTC'),
  window_to DateTime('UTC'),
  revision UInt32,
  predictions UInt64,
  labelled UInt64,
  baseline LowCardinality(String),
  watermark DateTime64(3, 'UTC'),
  evaluated_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(evaluated_at)
PARTITION BY toYYYYMM(window_from)
ORDER BY (model, version, window_from, revision);

CREATE TABLE IF NOT EXISTS check_results {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  window_from DateTime('UTC'),
  window_to DateTime('UTC'),
  revision UInt32,
  check LowCardinality(String),
  feature LowCardinality(String),
  statistic LowCardinality(String),
  value Float64,
  n UInt64,
  state LowCardinality(String),
  -- NaN where a number was not computed
  evidence Float64,
  effect Float64,
  since Nullable(DateTime('UTC')),
  explanation String,
  evaluated_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(evaluated_at)
PARTITION BY toYYYYMM(window_from)
ORDER BY (model, version, window_from, revision, check, feature, statistic);

CREATE TABLE IF NOT EXISTS series_states {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  window_to DateTime('UTC'),
  revision UInt32,
  baseline LowCardinality(String),
  -- the checks' own state as JSON
  state String CODEC(ZSTD(3)),
  evaluated_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(evaluated_at)
PARTITION BY toYYYYMM(window_to)
ORDER BY (model, version, window_to, revision);

-- Closed windows, their revisions, what the checks said, and the detectors' state after each.

CREATE TABLE IF NOT EXISTS windows {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  window_from DateTime('UTC'),
  window_to DateTime('UTC'),
  revision UInt32,
  -- 'inputs' is judged when the window closes, 'labels' when its ground truth is mature
  track LowCardinality(String),
  predictions UInt64,
  labelled UInt64,
  baseline LowCardinality(String),
  -- this model version's part of the fleet's false-alarm budget when it was judged
  share Float64,
  watermark DateTime64(3, 'UTC'),
  evaluated_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(evaluated_at)
PARTITION BY toYYYYMM(window_from)
ORDER BY (model, version, window_from, track, revision);

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
  track LowCardinality(String),
  revision UInt32,
  baseline LowCardinality(String),
  -- the checks' and the policies' own state as JSON
  state String CODEC(ZSTD(3)),
  evaluated_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(evaluated_at)
PARTITION BY toYYYYMM(window_to)
ORDER BY (model, version, track, window_to, revision);

-- Minute summaries on the frozen edges of a baseline, recomputed from the rows whenever a minute is dirty.
-- One row a feature and minute: a window of any length is a sum.

CREATE TABLE IF NOT EXISTS profiles_1m {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  baseline LowCardinality(String),
  feature LowCardinality(String),
  minute DateTime('UTC'),
  kind Enum8('numeric' = 1, 'categorical' = 2),
  rows UInt32,
  n UInt32,
  nulls UInt32,
  missing UInt32,
  mistyped UInt32,
  sum Float64,
  sum_squares Float64,
  min Float64,
  max Float64,
  -- counts per bin (numeric) or per known category
  bins Array(UInt32),
  other UInt32,
  fresh UInt32,
  computed_at DateTime64(6, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (model, version, baseline, minute, feature);

-- What joined labels say, by the minute of the prediction.
CREATE TABLE IF NOT EXISTS performance_1m {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  minute DateTime('UTC'),
  predictions UInt32,
  unknown_features Array(LowCardinality(String)),
  labelled UInt32,
  correct UInt32,
  true_positives UInt32,
  false_positives UInt32,
  true_negatives UInt32,
  false_negatives UInt32,
  loss_sum Float64,
  loss_squares Float64,
  squared_error_sum Float64,
  squared_error_squares Float64,
  positive_scores Array(UInt32),
  negative_scores Array(UInt32),
  computed_at DateTime64(6, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (model, version, minute);

-- The reference of a baseline, window by window, on its own edges: what the seasonal model is fitted on.
CREATE TABLE IF NOT EXISTS baseline_windows {{on_cluster}} (
  baseline LowCardinality(String),
  window_from DateTime('UTC'),
  window_to DateTime('UTC'),
  -- domain/profile.ts WindowProfile as JSON; window_from = window_to = epoch 0 holds the whole reference
  profile String CODEC(ZSTD(3))
) ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (baseline, window_from);

CREATE TABLE IF NOT EXISTS baselines {{on_cluster}} (
  id String,
  model LowCardinality(String),
  fingerprint String,
  pinned_at DateTime64(3, 'UTC'),
  rows UInt64,
  -- domain/baseline.ts: source and features as JSON
  source String,
  features String CODEC(ZSTD(3))
) ENGINE = {{engine:ReplacingMergeTree}}(pinned_at)
ORDER BY (model, id);

-- How far a background job came.
CREATE TABLE IF NOT EXISTS progress {{on_cluster}} (
  name LowCardinality(String),
  value String,
  at DateTime64(6, 'UTC') DEFAULT now64(6)
) ENGINE = {{engine:ReplacingMergeTree}}(at)
ORDER BY name;

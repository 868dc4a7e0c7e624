-- Minute sums of the rows under the frozen rules of a baseline (pair rules, formats, correlations …), beside profiles_1m and like it.
CREATE TABLE IF NOT EXISTS measures_1m {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  baseline LowCardinality(String),
  minute DateTime('UTC'),
  -- domain/measure.ts: name of the rule, and which sums these are
  rule LowCardinality(String),
  kind LowCardinality(String),
  sums Array(Float64),
  computed_at DateTime64(6, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (model, version, baseline, minute, rule);

-- domain/measure.ts: the rules as JSON; empty in baselines pinned before there were any
ALTER TABLE baselines {{on_cluster}} ADD COLUMN IF NOT EXISTS rules String CODEC(ZSTD(3));

-- Rows of a reference that the domain classifier holds windows against: frozen with the baseline, already as numbers.
CREATE TABLE IF NOT EXISTS reference_samples {{on_cluster}} (
  baseline LowCardinality(String),
  -- in the order of a hash of the prediction's id
  place UInt32,
  window_from DateTime('UTC'),
  -- hour of the day where the model lives, plus 24 at the weekend
  slot UInt8,
  -- one for each column of the baseline's classifier rule; null where the row had no value
  numbers Array(Nullable(Float64)) CODEC(ZSTD(3))
) ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (baseline, place);

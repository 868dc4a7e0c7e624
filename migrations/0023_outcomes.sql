-- What joined labels say of the answers of a minute: everything from which metrics and their intervals follow, for all rows and by segment.
-- One row for the whole (attribute = '') and one for every watched value of a segment; a window of any length is a sum.
CREATE TABLE IF NOT EXISTS outcomes_1m {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  attribute LowCardinality(String),
  segment LowCardinality(String),
  minute DateTime('UTC'),
  -- calls that were answered, and those of them whose truth is known
  answered UInt32,
  labelled UInt32,
  -- domain/outcome.ts: which sums these are, by task
  sums Array(Float64),
  -- several classes: labelled rows by true and answered class, joined by a zero byte
  cells Map(String, UInt32),
  -- binary: labelled rows by bin of their score, and the sums of their scores; then all answered rows
  positives Map(UInt16, UInt32),
  negatives Map(UInt16, UInt32),
  scores Map(UInt16, Float64),
  answers Map(UInt16, UInt32),
  answer_scores Map(UInt16, Float64),
  computed_at DateTime64(6, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (model, version, attribute, segment, minute);

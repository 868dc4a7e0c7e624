-- What an erasure is about, by where rows came from and a hash of ids, never by the person: deletions read it, for the engine keeps their text. It goes when
-- the erasure is done; what of it a killed process left is gone on with.
CREATE TABLE IF NOT EXISTS erasing {{on_cluster}} (
  erasure String,
  -- the table whose rows they are
  kind LowCardinality(String),
  model LowCardinality(String),
  -- cityHash64 of the id of the prediction
  id UInt64,
  topic LowCardinality(String),
  partition UInt16,
  offset UInt64,
  ts DateTime64(3, 'UTC')
) ENGINE = {{engine:MergeTree}}
PARTITION BY erasure
ORDER BY (kind, topic, partition, offset, id)
SETTINGS old_parts_lifetime = 0;

-- Predictions that were erased, by a keyed hash: what comes about them later is refused.
CREATE TABLE IF NOT EXISTS erased_predictions {{on_cluster}} (
  hash String,
  erasure String,
  erased_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = {{engine:ReplacingMergeTree}}(erased_at)
ORDER BY hash;

-- What the rows that an erasure takes away are summed by in the marks of judged windows, until it is done: so that it is known to the row what may be missing of a window.
ALTER TABLE erasing {{on_cluster}}
  ADD COLUMN IF NOT EXISTS version LowCardinality(String),
  ADD COLUMN IF NOT EXISTS grouped UInt16,
  ADD COLUMN IF NOT EXISTS source UInt64,
  ADD COLUMN IF NOT EXISTS said UInt64,
  ADD COLUMN IF NOT EXISTS came Int64,
  ADD COLUMN IF NOT EXISTS given Int64,
  ADD COLUMN IF NOT EXISTS label_came Int64;

-- The sums by window that erasures took away, named by the ledger; they say neither who it was nor when within a window.
CREATE TABLE IF NOT EXISTS erased_marks {{on_cluster}} (
  -- hash of all lines of a model and day, as the entry of the erasure has it
  name String,
  model LowCardinality(String),
  version LowCardinality(String),
  track LowCardinality(String),
  window_from DateTime('UTC'),
  -- of the judgement whose marks they were part of
  revision UInt32,
  -- marks of its rows and of its labels
  rows String CODEC(ZSTD(1)),
  labels String CODEC(ZSTD(1)),
  made_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = {{engine:ReplacingMergeTree}}(made_at)
ORDER BY (name, version, track, window_from);

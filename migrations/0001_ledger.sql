-- The control plane: one append-only log, from which every model, policy, incident and delivery is folded.

CREATE TABLE IF NOT EXISTS ledger {{on_cluster}} (
  seq UInt64,
  at DateTime64(3, 'UTC'),
  action LowCardinality(String),
  actor_type LowCardinality(String),
  actor_id String,
  subject_type LowCardinality(String),
  subject_id String,
  -- RFC 8785 canonical JSON of the whole entry: exactly the bytes that are hashed
  entry String CODEC(ZSTD(1)),
  -- RFC 6962 leaf hash of `entry`, lower-case hex
  hash FixedString(64)
) ENGINE = {{engine:MergeTree}}
ORDER BY seq
-- A decision that was acknowledged survives a power cut.
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

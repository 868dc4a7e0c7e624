-- Requests and responses that arrived alone: kept here until the other side comes, so that neither a stop, a crash nor a second
-- replica that got the other side loses a call. `state` only grows: 0 waits, 1 is a dead letter `unpaired`, 2 is paired.
CREATE TABLE IF NOT EXISTS inference_halves {{on_cluster}} (
  -- format, place and name of the model: ids are unique within it
  source LowCardinality(String),
  id String,
  side LowCardinality(String),
  topic LowCardinality(String),
  partition UInt16,
  offset UInt64,
  -- epoch milliseconds
  received_at Int64,
  staged_at Int64,
  key String,
  -- name → Base64, as JSON
  headers String,
  model String,
  -- the message as it came; empty once paired
  raw String CODEC(ZSTD(3)),
  state UInt16,
  -- by the store's clock: the service's may be set to another time
  stored_at DateTime DEFAULT now()
) ENGINE = {{engine:ReplacingMergeTree}}(state)
ORDER BY (source, id, side)
TTL stored_at + INTERVAL 3 DAY;

-- What a transport carried beside the bytes: a foreign message that was refused cannot be read again without it.
ALTER TABLE dead_letters {{on_cluster}} ADD COLUMN IF NOT EXISTS key String;
ALTER TABLE dead_letters {{on_cluster}} ADD COLUMN IF NOT EXISTS headers String;

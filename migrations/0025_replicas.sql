-- Processes that work on this store: each says with every beat that it is there and what it has. Who takes part is decided in the ledger.
CREATE TABLE IF NOT EXISTS replicas {{on_cluster}} (
  id String,
  name String,
  -- by the store's clock: those of the processes are not compared
  beat_at DateTime64(3, 'UTC') DEFAULT now64(3),
  -- place in the ledger of the newest change of the members that it has taken up its models for
  epoch UInt64,
  models UInt32,
  -- versions of its models that share the fleet's budget
  paying UInt32,
  -- epoch milliseconds: everything that was sent to it until then is stored; arrivals until then are summarised
  heard_until Int64,
  scanned_to Int64,
  -- what its models cannot do, as JSON
  standing String
) ENGINE = {{engine:ReplacingMergeTree}}(beat_at)
ORDER BY id
TTL toDateTime(beat_at) + INTERVAL 30 DAY;

-- Keys that every process signs with; which one is in force is in the ledger. `sealed` where TIDEWATCH_SHARED_SECRET was given.
CREATE TABLE IF NOT EXISTS shared_keys {{on_cluster}} (
  id String,
  sealed UInt8,
  content String,
  stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = {{engine:ReplacingMergeTree}}(stored_at)
ORDER BY id;

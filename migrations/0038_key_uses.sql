-- When a key last let somebody in, so that it is known after a restart and to every process. Not an entry of the ledger: it decides nothing, and would
-- be most of it.
CREATE TABLE IF NOT EXISTS key_uses {{on_cluster}} (
  id String,
  used_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(used_at)
ORDER BY id;

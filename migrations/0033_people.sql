-- Who the ids of people in the ledger are. Names and addresses stand here and nowhere in the ledger, so that they can be corrected and erased:
-- the ledger holds an id that is made with a secret, and leads to nobody once the row here is gone.
CREATE TABLE IF NOT EXISTS people {{on_cluster}} (
  id String,
  issuer String,
  sub String,
  name String,
  email String,
  seen_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(seen_at)
ORDER BY id;

-- Code by which the service knows its own entries: HMAC-SHA256 of the leaf hash under a key that is not in the database, lower-case hex. Rows of
-- before have none; what was signed for vouches for them.
ALTER TABLE ledger {{on_cluster}} ADD COLUMN IF NOT EXISTS mac String DEFAULT '' AFTER hash;

-- What a person should know of how a reference was read: domain/baseline.ts, as JSON. Empty for those of before.
ALTER TABLE baselines {{on_cluster}} ADD COLUMN IF NOT EXISTS notes String;

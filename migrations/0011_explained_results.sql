-- Features that alert by themselves and account for a result of many together, so that judging stored results again finds the same incidents.
ALTER TABLE check_results {{on_cluster}} ADD COLUMN IF NOT EXISTS explained_by Array(LowCardinality(String));

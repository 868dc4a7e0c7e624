-- One row a model, as it is described now.
-- tier: LOW, MEDIUM, HIGH: impact by frequency, three each, from 3 and from 6 on | described_at: by the service's clock
CREATE OR REPLACE VIEW v_models {{on_cluster}} AS
SELECT model, JSONExtractString(described, 'owner') AS owner, described_at,
  multiIf(score >= 6, 'HIGH', score >= 3, 'MEDIUM', 'LOW') AS tier,
  transform(JSONExtractString(described, 'risk', 'impact'), ['low', 'medium', 'high'], [1, 2, 3], 0)
    * transform(JSONExtractString(described, 'risk', 'frequency'), ['low', 'medium', 'high'], [1, 2, 3], 0) AS score
FROM (
  SELECT l.subject_id AS model, JSONExtractRaw(argMax(l.entry, l.seq), 'data', 'model') AS described, max(l.at) AS described_at
  FROM ledger AS l
  WHERE l.action IN ('model.registered', 'model.updated')
  GROUP BY l.subject_id
);

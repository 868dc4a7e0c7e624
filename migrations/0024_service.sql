-- The calls of a minute: how many, how many failed by which code, and how long they took, in bins whose width grows by two percent.
CREATE TABLE IF NOT EXISTS service_1m {{on_cluster}} (
  model LowCardinality(String),
  version LowCardinality(String),
  minute DateTime('UTC'),
  calls UInt32,
  failed UInt32,
  codes Map(String, UInt32),
  -- stats/log-histogram.ts: bin of the milliseconds
  latencies Map(Int32, UInt32),
  computed_at DateTime64(6, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (model, version, minute);

-- One row a minute: calls, those that failed, and their share.
-- codes: failed calls by `status` | calls: rows of the model's environments, whatever became of them
CREATE OR REPLACE VIEW v_service_1m {{on_cluster}} AS
SELECT model, version, minute, calls, failed, codes, if(calls > 0, failed / calls, NULL) AS failure_rate
FROM service_1m FINAL;

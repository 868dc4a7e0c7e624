-- What models said of their own monitoring, whenever that changed.
CREATE TABLE IF NOT EXISTS monitoring {{on_cluster}} (
  model LowCardinality(String),
  said_at DateTime64(3, 'UTC'),
  -- NO_DATA, LEARNING, PARTLY, JUDGING, CANNOT_JUDGE or SUSPENDED
  state LowCardinality(String),
  reason String,
  windows_learnt UInt32,
  windows_needed UInt32,
  armed UInt32,
  learning UInt32,
  uncalibratable UInt32,
  expected_false_alerts Nullable(Float64),
  labels_unmatched UInt64
) ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (model, said_at);

-- One row a model: how far it is monitored, and why no further.
-- armed, learning, uncalibratable: series that may alert, that saw too little, and that never page | said_at: when that last changed
-- labels_unmatched: labels of a day that match no prediction
CREATE OR REPLACE VIEW v_monitoring {{on_cluster}} AS
SELECT model, argMax(m.state, m.said_at) AS state, argMax(m.reason, m.said_at) AS reason,
  argMax(m.windows_learnt, m.said_at) AS windows_learnt, argMax(m.windows_needed, m.said_at) AS windows_needed,
  argMax(m.armed, m.said_at) AS armed, argMax(m.learning, m.said_at) AS learning, argMax(m.uncalibratable, m.said_at) AS uncalibratable,
  argMax(m.expected_false_alerts, m.said_at) AS expected_false_alerts, argMax(m.labels_unmatched, m.said_at) AS labels_unmatched,
  max(m.said_at) AS said_at
FROM monitoring AS m
GROUP BY model;

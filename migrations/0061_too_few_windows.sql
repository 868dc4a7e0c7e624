-- Series that saw fewer windows of a frozen reference than arm one: they learn no more.
ALTER TABLE monitoring {{on_cluster}} ADD COLUMN IF NOT EXISTS too_few_windows UInt32;

-- One row a model: how far it is monitored, and why no further.
-- armed, learning, too_few_windows, uncalibratable: series that may alert, that learn, that saw too little of a frozen reference, and that never page | said_at: when that last changed
-- labels: up to where they are judged, and what waits | labels_unmatched: labels of a day that match no prediction; NULL until that was looked at
CREATE OR REPLACE VIEW v_monitoring {{on_cluster}} AS
SELECT model, argMax(m.state, m.said_at) AS state, argMax(m.reason, m.said_at) AS reason,
  argMax(m.windows_learnt, m.said_at) AS windows_learnt, argMax(m.windows_needed, m.said_at) AS windows_needed,
  argMax(m.armed, m.said_at) AS armed, argMax(m.learning, m.said_at) AS learning, argMax(m.uncalibratable, m.said_at) AS uncalibratable,
  tupleElement(argMax(tuple(m.expected_false_alerts), m.said_at), 1) AS expected_false_alerts, tupleElement(argMax(tuple(m.labels_unmatched), m.said_at), 1) AS labels_unmatched,
  max(m.said_at) AS said_at, argMax(m.labels, m.said_at) AS labels, argMax(m.too_few_windows, m.said_at) AS too_few_windows
FROM monitoring AS m
GROUP BY model;

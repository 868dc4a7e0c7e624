-- What people and dashboards read. Names and columns are stable: columns are added, never renamed or removed, while the tables
-- behind them may change. Every time is event time in UTC unless a comment says otherwise; a number that was not computed is NULL.

-- One row a judged window, at its newest revision.
-- model, version | window_from, window_to: [from, to) | revision: 0 first, +1 for every re-opening
-- predictions, labelled: rows in the window, and how many of them have ground truth (as last judged)
-- baseline: id of the reference, '' while learning | evaluated_at: when it was judged, by the service's clock
CREATE OR REPLACE VIEW v_windows {{on_cluster}} AS
SELECT w.model AS model, w.version AS version, w.window_from AS window_from, any(w.window_to) AS window_to, max(w.revision) AS revision,
  argMax(w.predictions, (w.revision, w.evaluated_at)) AS predictions, max(w.labelled) AS labelled,
  argMax(w.baseline, (w.revision, w.evaluated_at)) AS baseline, max(w.evaluated_at) AS evaluated_at
FROM windows AS w FINAL
GROUP BY w.model, w.version, w.window_from;

-- One row a statistic, feature and window, at the newest revision that has it.
-- check: feature_drift, output_drift, null_rate, new_category, out_of_range, type_mismatch, unknown_feature, volume, performance,
--   concept_drift, … | feature: '' for the whole model | statistic: psi, location, rate, error_rate, …
-- value: in the statistic's own unit | n: rows it rests on | state: OK, NOTICE, ALERT, INSUFFICIENT, INDETERMINATE, LEARNING
-- evidence: an alert is declared at 1, NULL where the engine does not judge | effect: signed size
-- since: estimated start of the change | explanation: one sentence or ''
CREATE OR REPLACE VIEW v_check_results {{on_cluster}} AS
SELECT model, version, window_from, tupleElement(newest, 1) AS window_to, tupleElement(newest, 2) AS revision, check, feature, statistic,
  tupleElement(newest, 3) AS value, tupleElement(newest, 4) AS n, tupleElement(newest, 5) AS state, tupleElement(newest, 6) AS evidence,
  tupleElement(newest, 7) AS effect, tupleElement(newest, 8) AS since, tupleElement(newest, 9) AS explanation
FROM (
  SELECT r.model AS model, r.version AS version, r.window_from AS window_from, r.check AS check, r.feature AS feature, r.statistic AS statistic,
    argMax((r.window_to, r.revision, if(isFinite(r.value), r.value, NULL), r.n, r.state, if(isFinite(r.evidence), r.evidence, NULL),
      if(isFinite(r.effect), r.effect, NULL), r.since, r.explanation), (r.revision, r.evaluated_at)) AS newest
  FROM check_results AS r
  GROUP BY r.model, r.version, r.window_from, r.check, r.feature, r.statistic
);

-- One row a minute: predictions, and how many of them have ground truth by now.
CREATE OR REPLACE VIEW v_volume_1m {{on_cluster}} AS
SELECT model, version, minute, predictions, labelled
FROM performance_1m FINAL;

-- How well the model did, window by window, by labels that have come: one row a metric.
-- statistic: accuracy, error_rate, precision, recall, f1, auc, log_loss, brier, mean_absolute_error, … | n: labelled rows
-- change: difference to the reference, NULL without one
CREATE OR REPLACE VIEW v_performance {{on_cluster}} AS
SELECT model, version, window_from, window_to, check, statistic, value, n, state, evidence, effect AS change, since
FROM v_check_results
WHERE check IN ('performance', 'concept_drift');

-- One row an event that was refused. received_at, by the service's clock | code: reject code of the HTTP contract
-- topic, partition, offset: its position | kind: prediction, label or '' | size: bytes kept of it
-- is_open: 1 until the same bytes, sent again, were taken
CREATE OR REPLACE VIEW v_dead_letters {{on_cluster}} AS
SELECT d.received_at AS received_at, d.model AS model, d.kind AS kind, d.code AS code, d.message AS message, d.topic AS topic,
  d.partition AS partition, d.offset AS offset, length(d.raw) AS size, toUnixTimestamp64Milli(d.replayed_at) = 0 AS is_open
FROM dead_letters AS d FINAL;

-- One row an entry of the ledger. at: by the service's clock | entry: canonical JSON, the bytes that are hashed | hash: RFC 6962 leaf
CREATE OR REPLACE VIEW v_audit {{on_cluster}} AS
SELECT DISTINCT seq, at, action, actor_type, actor_id, subject_type, subject_id, toString(hash) AS hash, entry
FROM ledger;

-- One row an incident, at its newest state.
-- state: OPEN, ACKNOWLEDGED, RECOVERING, CLOSED | severity: info, warning, critical | case_id: what people are told about as one
-- opened_at, closed_at, changed_at: by the service's clock | since: estimated start | last_window_to: end of the window that changed it last
-- explained_by: the data-quality incident that accounts for it, or '' | policy, rule: what decided
CREATE OR REPLACE VIEW v_incidents {{on_cluster}} AS
SELECT id, JSONExtractString(incident, 'key') AS key, JSONExtractString(incident, 'caseId') AS case_id,
  JSONExtractString(incident, 'signal', 'model') AS model, JSONExtractString(incident, 'signal', 'version') AS version,
  JSONExtractString(incident, 'signal', 'check') AS check, JSONExtractString(incident, 'signal', 'feature') AS feature,
  JSONExtractString(incident, 'state') AS state, JSONExtractString(incident, 'severity') AS severity,
  parseDateTime64BestEffortOrZero(JSONExtractString(incident, 'openedAt'), 3, 'UTC') AS opened_at,
  parseDateTime64BestEffortOrNull(JSONExtractString(incident, 'closedAt'), 3, 'UTC') AS closed_at,
  parseDateTime64BestEffortOrNull(JSONExtractString(incident, 'since'), 3, 'UTC') AS since,
  parseDateTime64BestEffortOrNull(JSONExtractString(incident, 'lastWindowTo'), 3, 'UTC') AS last_window_to, changed_at,
  JSONExtractString(incident, 'statistic') AS statistic, JSONExtract(incident, 'value', 'Nullable(Float64)') AS value,
  JSONExtract(incident, 'effect', 'Nullable(Float64)') AS effect, JSONExtractUInt(incident, 'n') AS n,
  JSONExtractUInt(incident, 'occurrences') AS occurrences, JSONExtractString(incident, 'summary') AS summary,
  JSONExtractString(incident, 'policy', 'id') AS policy, JSONExtractString(incident, 'policy', 'rule') AS rule,
  JSONExtractString(incident, 'acknowledgedBy') AS acknowledged_by, JSONExtractString(incident, 'explainedBy') AS explained_by
FROM (
  SELECT l.subject_id AS id, JSONExtractRaw(argMax(l.entry, l.seq), 'data', 'incident') AS incident, max(l.at) AS changed_at
  FROM ledger AS l
  WHERE l.subject_type = 'incident' AND startsWith(l.action, 'incident.')
  GROUP BY l.subject_id
);

-- One row a message owed to somebody, at its newest state.
-- state: requested, attempting, delivered, retry_scheduled, ambiguous, dead, superseded, replayed
-- requested_at, changed_at: by the service's clock | destination: what a person recognises, nothing secret
CREATE OR REPLACE VIEW v_deliveries {{on_cluster}} AS
SELECT id, replaceOne(last_action, 'delivery.', '') AS state, requested_at, changed_at, attempts,
  JSONExtractString(request, 'channel') AS channel, JSONExtractString(request, 'destination', 'kind') AS kind,
  JSONExtractString(request, 'destination', 'address') AS destination, JSONExtractString(request, 'purpose') AS purpose,
  JSONExtractString(request, 'message', 'caseId') AS case_id, JSONExtractString(request, 'message', 'model') AS model
FROM (
  SELECT l.subject_id AS id, argMax(l.action, l.seq) AS last_action, min(l.at) AS requested_at, max(l.at) AS changed_at,
    uniqExactIf(l.seq, l.action = 'delivery.attempting') AS attempts,
    JSONExtractRaw(argMinIf(l.entry, l.seq, l.action = 'delivery.requested'), 'data') AS request
  FROM ledger AS l
  WHERE l.subject_type = 'delivery'
  GROUP BY l.subject_id
);

-- What is needed to draw how well a model does: sums of a minute, from which metrics of any stretch follow with their intervals.

-- One row a minute of what labels say, for all rows (segment = '') and for every watched `key=value`.
-- task: binary, multiclass, regression | answered: calls that were answered | labelled: those whose truth is known
-- losses: rows that have a loss | loss: wrong answers, or the sum of absolute errors | loss_squares: sum of its squares
-- true_positives … true_negatives: binary models, else NULL | log_loss_rows, log_loss, log_loss_squares: models with scores, else NULL
CREATE OR REPLACE VIEW v_performance_1m {{on_cluster}} AS
SELECT o.model AS model, o.version AS version, if(o.attribute = '', '', concat(o.attribute, '=', o.segment)) AS segment, o.minute AS minute,
  multiIf(length(o.sums) IN (4, 7), 'multiclass', length(o.sums) IN (10, 13), 'binary', 'regression') AS task, o.answered AS answered, o.labelled AS labelled,
  if(task = 'regression', o.sums[1], toFloat64(o.labelled)) AS losses,
  multiIf(task = 'regression', o.sums[4], task = 'binary', o.sums[2] + o.sums[3], toFloat64(o.labelled) - o.sums[1]) AS loss,
  if(task = 'regression', o.sums[3], loss) AS loss_squares,
  if(task = 'binary', o.sums[1], NULL) AS true_positives, if(task = 'binary', o.sums[2], NULL) AS false_positives,
  if(task = 'binary', o.sums[3], NULL) AS false_negatives, if(task = 'binary', o.sums[4], NULL) AS true_negatives,
  multiIf(task = 'binary', o.sums[5], task = 'multiclass', o.sums[2], NULL) AS log_loss_rows,
  multiIf(task = 'binary', o.sums[6], task = 'multiclass', o.sums[3], NULL) AS log_loss,
  multiIf(task = 'binary', o.sums[7], task = 'multiclass', o.sums[4], NULL) AS log_loss_squares
FROM outcomes_1m AS o FINAL;

-- One row a minute of what is expected of answers before their labels come, by the newest calibration that measured it.
-- answered: answers it is expected of | loss, loss_squares: expected wrong answers or absolute errors, and the sum of their squares
-- said_positive, false_positives: of a binary model, answers with the positive class, and how many of them are expected to be wrong
CREATE OR REPLACE VIEW v_estimates_1m {{on_cluster}} AS
SELECT model, version, minute, newest[1] AS answered, newest[2] AS loss, newest[3] AS loss_squares, newest[4] AS said_positive, newest[5] AS false_positives
FROM (
  SELECT m.model AS model, m.version AS version, m.minute AS minute, argMax(m.sums, m.computed_at) AS newest
  FROM measures_1m AS m
  WHERE m.kind = 'estimate'
  GROUP BY m.model, m.version, m.minute
);

-- How long calls took: one row a minute and bin. milliseconds: within one percent of every call of the bin | timed: calls in it
CREATE OR REPLACE VIEW v_latency_1m {{on_cluster}} AS
SELECT s.model AS model, s.version AS version, s.minute AS minute, 2 * pow(1.02, bin) / 2.02 AS milliseconds, timed
FROM service_1m AS s FINAL
ARRAY JOIN mapKeys(s.latencies) AS bin, mapValues(s.latencies) AS timed;

-- One row a step in the life of a version. at: by the service's clock | step: seen, registered, stage_changed | stage: the one it has then
CREATE OR REPLACE VIEW v_deployments {{on_cluster}} AS
SELECT DISTINCT l.seq AS seq, l.at AS at, JSONExtractString(l.entry, 'data', 'model') AS model, JSONExtractString(l.entry, 'data', 'version') AS version,
  replaceOne(l.action, 'model_version.', '') AS step, if(JSONExtractString(l.entry, 'data', 'stage') = '', JSONExtractString(l.entry, 'data', 'after'), JSONExtractString(l.entry, 'data', 'stage')) AS stage, JSONExtractString(l.entry, 'data', 'reason') AS reason
FROM ledger AS l
WHERE l.action IN ('model_version.seen', 'model_version.registered', 'model_version.stage_changed');

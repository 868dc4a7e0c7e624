-- Probabilities of several classes, each class against the rest: labelled rows by class and the bin of its probability, joined by a zero byte, and those of
-- them that are of the class. positives, negatives and scores are of these models right and wrong answers by what they claim.
ALTER TABLE outcomes_1m {{on_cluster}} ADD COLUMN IF NOT EXISTS class_rows Map(String, UInt32);
ALTER TABLE outcomes_1m {{on_cluster}} ADD COLUMN IF NOT EXISTS class_hits Map(String, UInt32);
-- Which sums a row has; '' of those that were summed before, whose task their number says.
ALTER TABLE outcomes_1m {{on_cluster}} ADD COLUMN IF NOT EXISTS task LowCardinality(String);

-- One row a minute of what labels say, for all rows (segment = '') and for every watched `key=value`.
-- task: binary, multiclass, regression | answered: calls that were answered | labelled: those whose truth is known
-- losses: rows that have a loss | loss: wrong answers, or the sum of absolute errors | loss_squares: sum of its squares
-- true_positives … true_negatives: binary models, else NULL | log_loss_rows, log_loss, log_loss_squares: models with scores, else NULL
-- brier_rows, brier, brier_squares: squared errors of probabilities (of several classes: summed over classes), else NULL
CREATE OR REPLACE VIEW v_performance_1m {{on_cluster}} AS
SELECT o.model AS model, o.version AS version, if(o.attribute = '', '', concat(o.attribute, '=', o.segment)) AS segment, o.minute AS minute,
  if(o.task != '', toString(o.task), multiIf(length(o.sums) IN (4, 7), 'multiclass', length(o.sums) IN (10, 13), 'binary', 'regression')) AS task, o.answered AS answered, o.labelled AS labelled,
  if(task = 'regression', o.sums[1], toFloat64(o.labelled)) AS losses,
  multiIf(task = 'regression', o.sums[4], task = 'binary', o.sums[2] + o.sums[3], toFloat64(o.labelled) - o.sums[1]) AS loss,
  if(task = 'regression', o.sums[3], loss) AS loss_squares,
  if(task = 'binary', o.sums[1], NULL) AS true_positives, if(task = 'binary', o.sums[2], NULL) AS false_positives,
  if(task = 'binary', o.sums[3], NULL) AS false_negatives, if(task = 'binary', o.sums[4], NULL) AS true_negatives,
  multiIf(task = 'binary', o.sums[5], task = 'multiclass', o.sums[2], NULL) AS log_loss_rows,
  multiIf(task = 'binary', o.sums[6], task = 'multiclass', o.sums[3], NULL) AS log_loss,
  multiIf(task = 'binary', o.sums[7], task = 'multiclass', o.sums[4], NULL) AS log_loss_squares,
  if(task = 'regression', NULL, o.sums[8]) AS brier_rows,
  if(task = 'regression', NULL, o.sums[9]) AS brier,
  if(task = 'regression', NULL, o.sums[10]) AS brier_squares
FROM outcomes_1m AS o FINAL;

-- One row a model, as it is described now.
-- task: binary, multiclass, regression | tier: LOW, MEDIUM, HIGH: impact by frequency, three each, from 3 and from 6 on | described_at: by the service's clock
CREATE OR REPLACE VIEW v_models {{on_cluster}} AS
SELECT model, JSONExtractString(described, 'owner') AS owner, described_at,
  multiIf(score >= 6, 'HIGH', score >= 3, 'MEDIUM', 'LOW') AS tier,
  transform(JSONExtractString(described, 'risk', 'impact'), ['low', 'medium', 'high'], [1, 2, 3], 0)
    * transform(JSONExtractString(described, 'risk', 'frequency'), ['low', 'medium', 'high'], [1, 2, 3], 0) AS score,
  JSONExtractString(described, 'task') AS task
FROM (
  SELECT l.subject_id AS model, JSONExtractRaw(argMax(l.entry, l.seq), 'data', 'model') AS described, max(l.at) AS described_at
  FROM ledger AS l
  WHERE l.action IN ('model.registered', 'model.updated')
  GROUP BY l.subject_id
);

-- One row a minute of what is expected of answers before their labels come, by the newest calibration that measured it.
-- task: as the model is described now | answered: answers it is expected of | loss, loss_squares: expected wrong answers or absolute errors, and the sum of their squares
-- said_positive, false_positives: of a binary model, answers with the positive class, and how many of them are expected to be wrong
CREATE OR REPLACE VIEW v_estimates_1m {{on_cluster}} AS
SELECT e.model AS model, e.version AS version, e.minute AS minute, m.task AS task,
  e.newest[1] AS answered, e.newest[2] AS loss, e.newest[3] AS loss_squares, e.newest[4] AS said_positive, e.newest[5] AS false_positives
FROM (
  SELECT m.model AS model, m.version AS version, m.minute AS minute, argMax(m.sums, m.computed_at) AS newest
  FROM measures_1m AS m
  WHERE m.kind = 'estimate'
  GROUP BY m.model, m.version, m.minute
) AS e
LEFT JOIN v_models AS m ON e.model = m.model;

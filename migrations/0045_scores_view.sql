-- One row a minute and bin of scores with labelled rows, for all rows (segment = '') and for every watched `key=value`: what AUC and calibration are drawn from.
-- bin: 0 to 255, by the log odds of the score (of several classes: of the probability that the answer claims) | positives, negatives: rows whose label is the positive
-- class, and others (of several classes: right and wrong answers) | scores: sum of these scores
CREATE OR REPLACE VIEW v_scores_1m {{on_cluster}} AS
SELECT o.model AS model, o.version AS version, if(o.attribute = '', '', concat(o.attribute, '=', o.segment)) AS segment, o.minute AS minute,
  if(o.task != '', toString(o.task), multiIf(length(o.sums) IN (4, 7), 'multiclass', length(o.sums) IN (10, 13), 'binary', 'regression')) AS task,
  bin, o.positives[bin] AS positives, o.negatives[bin] AS negatives, o.scores[bin] AS scores
FROM outcomes_1m AS o FINAL
ARRAY JOIN arrayDistinct(arrayConcat(mapKeys(o.positives), mapKeys(o.negatives))) AS bin;

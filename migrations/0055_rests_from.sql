-- Windows with too few rows are put together: which was the first that a result rests on, NULL where that is its own window alone, as of all results of before.
ALTER TABLE check_results {{on_cluster}} ADD COLUMN IF NOT EXISTS rests_from Nullable(DateTime('UTC'));

-- One row a statistic, feature or segment, and window, at the newest revision that has it; as before, with the first window that it rests on.
-- segment: `key=value`, '' for all rows | rests_from: start of the first of several windows that were put together for too few rows, NULL where it rests on its own
CREATE OR REPLACE VIEW v_check_results {{on_cluster}} AS
SELECT model, version, window_from, tupleElement(newest, 1) AS window_to, tupleElement(newest, 2) AS revision, check, feature, statistic,
  tupleElement(newest, 3) AS value, tupleElement(newest, 4) AS n, tupleElement(newest, 5) AS state, tupleElement(newest, 6) AS evidence,
  tupleElement(newest, 7) AS effect, tupleElement(newest, 8) AS since, tupleElement(newest, 9) AS explanation, segment, tupleElement(newest, 10) AS rests_from
FROM (
  SELECT r.model AS model, r.version AS version, r.window_from AS window_from, r.check AS check, r.feature AS feature, r.statistic AS statistic, r.segment AS segment,
    argMax((r.window_to, r.revision, if(isFinite(r.value), r.value, NULL), r.n, r.state, if(isFinite(r.evidence), r.evidence, NULL),
      if(isFinite(r.effect), r.effect, NULL), r.since, r.explanation, r.rests_from), (r.revision, r.evaluated_at)) AS newest
  FROM check_results AS r
  GROUP BY r.model, r.version, r.window_from, r.check, r.feature, r.statistic, r.segment
);

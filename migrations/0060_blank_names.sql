-- A name of nothing but blanks is none: a version called '  ' stood beside the others without a name, and rows without an id were one row. It counts as left out, and is refused where it
-- may not be.

ALTER TABLE parsed_events_type {{on_cluster}} MODIFY QUERY
WITH
  (x -> coalesce(dynamicElement(x, 'Float64'), dynamicElement(x, 'Int64'), dynamicElement(x, 'UInt64'))) AS number_of,
  (x -> if(has(['String', 'Int64', 'Float64', 'Bool', 'UInt64'], dynamicType(x)), toString(x), NULL)) AS text_of,
  (xs -> arrayMap((f, i, u) -> coalesce(f, i, u), dynamicElement(xs, 'Float64'), dynamicElement(xs, 'Int64'), dynamicElement(xs, 'UInt64'))) AS numbers_of,
  (x -> if(trim(BOTH ' \t\r\n' FROM x) = '', '', x)) AS unless_blank,
  (SELECT (groupArray(model), groupArray(rule)) FROM model_rules FINAL) AS rules
SELECT topic, partition, offset, received_at, batch, said, size, raw, sent, fields, t, type_name, kind,
  (type_name != '') + (prediction_id != '') + (model != '') + isNotNull(ts) + notEmpty(t.tags)
    + if(kind = 2, isNotNull(truth) + (source != ''),
      (version != '') + (environment != '') + notEmpty(names)
      + answers + (answers > 0)
      + notEmpty(t.segment) + notEmpty(t.protected) + notEmpty(t.attributions) + (subject != '') + (status != '') + isNotNull(latency)) AS understood,
  model, substringIndex(rule, ' ', 1) AS task, toInt64OrZero(splitByChar(' ', rule)[2]) AS past, toInt64OrZero(splitByChar(' ', substringIndex(rule, '\t', 1))[3]) AS future,
  if(position(rule, '\t') = 0, '', substring(rule, position(rule, '\t') + 1)) AS classes,
  version, environment, ts, prediction_id, names, numbers, words, nulls,
  if(kind = 2, truth, answer) AS label, score, if(kind = 2, true_value, answer_value) AS value,
  score_values, subject, status, latency, source
FROM (
  SELECT *,
    coalesce(
      if(match(ts_text, '^\\d{4}-\\d\\d-\\d\\d[Tt ]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)$'),
         toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(upper(ts_text), 3, 'UTC')), NULL),
      if(abs(ts_number) < 9e15, toInt64(ts_number), if(isNull(ts_number), NULL, toInt64(-9e15)))) AS ts,
    multiIf(said != 0, toUInt8(said), type_name = 'prediction', 1, type_name = 'label', 2, 0) AS kind,
    transform(model, rules.1, rules.2, '') AS rule
  FROM (
    SELECT topic, partition, offset, received_at, batch, said, size, raw, sent, fields, t,
      ifNull(dynamicElement(t.type, 'String'), '') AS type_name,
      toLowCardinality(unless_blank(ifNull(dynamicElement(t.model, 'String'), ''))) AS model,
      unless_blank(ifNull(dynamicElement(t.model_version, 'String'), '')) AS version,
      unless_blank(ifNull(dynamicElement(t.environment, 'String'), '')) AS environment,
      ifNull(dynamicElement(t.ts, 'String'), '') AS ts_text,
      number_of(t.ts) AS ts_number,
      unless_blank(ifNull(dynamicElement(t.prediction_id, 'String'), '')) AS prediction_id,
      mapKeys(t.features) AS names,
      numbers_of(mapValues(t.features)) AS numbers,
      arrayMap((s, b) -> if(isNull(b), s, toString(b)), dynamicElement(mapValues(t.features), 'String'),
               dynamicElement(mapValues(t.features), 'Bool')) AS words,
      arrayFilter((n, x) -> isNull(x), mapKeys(t.features), mapValues(t.features)) AS nulls,
      isNotNull(t.prediction.label) + isNotNull(t.prediction.score) + isNotNull(t.prediction.value) + notEmpty(t.prediction.scores) AS answers,
      text_of(t.label) AS truth,
      number_of(t.label) AS true_value,
      text_of(t.prediction.label) AS answer,
      number_of(t.prediction.value) AS answer_value,
      number_of(t.prediction.score) AS score,
      numbers_of(mapValues(t.prediction.scores)) AS score_values,
      unless_blank(ifNull(dynamicElement(t.subject, 'String'), '')) AS subject,
      unless_blank(ifNull(dynamicElement(t.status, 'String'), '')) AS status,
      number_of(t.latency_ms) AS latency,
      unless_blank(ifNull(dynamicElement(t.source, 'String'), '')) AS source
    FROM parsed_events
  )
);

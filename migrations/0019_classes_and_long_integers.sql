-- A whole number of any length is a number: JSON has one kind, and programs write 1e20 as 100000000000000000000. The engine's parser gives up
-- on whole numbers beyond 64 bits, so that events it cannot read are read again with a decimal point behind them; `sent` are the bytes as they came,
-- which is what a dead letter keeps. And a label that is none of the classes a model file names is refused by name: `model_rules.rule` ends
-- with them, each after a tab. Changed from the source on, so that a column is written before it is read.

ALTER TABLE parsed_events {{on_cluster}} ADD COLUMN IF NOT EXISTS sent String AFTER raw;
ALTER TABLE typed_events {{on_cluster}} ADD COLUMN IF NOT EXISTS sent String AFTER raw, ADD COLUMN IF NOT EXISTS classes LowCardinality(String) AFTER future;
ALTER TABLE judged_events {{on_cluster}} ADD COLUMN IF NOT EXISTS sent String AFTER raw;

ALTER TABLE raw_events_parse {{on_cluster}} MODIFY QUERY
SELECT topic, partition, offset, received_at, batch, said, size, readable AS raw, sent,
  if(odd, JSONLength(readable), length_of_sent) + JSONLength(readable, 'prediction') AS fields,
  JSONExtract(readable, 'Tuple(type Dynamic, prediction_id Dynamic, model Dynamic, model_version Dynamic, environment Dynamic, ts Dynamic,
    features Map(LowCardinality(String), Dynamic),
    prediction Tuple(label Dynamic, score Dynamic, value Dynamic, scores Map(LowCardinality(String), Dynamic)),
    label Dynamic, source Dynamic, segment Map(LowCardinality(String), String), protected Map(LowCardinality(String), String),
    attributions Map(LowCardinality(String), Nullable(Float64)), subject Dynamic, status Dynamic, latency_ms Dynamic,
    tags Map(LowCardinality(String), String))') AS t
FROM (
  SELECT topic, partition, offset, received_at, batch, said, size, raw AS sent, JSONLength(raw) AS length_of_sent,
    length_of_sent = 0 AND match(raw, '\\d{20}') AND isValidUTF8(raw) AS odd,
    -- what is quoted stays; of the rest a whole number of 20 digits and more gets a decimal point
    if(odd, arrayStringConcat(arrayMap(
      part -> if(startsWith(part, '"'), part, replaceRegexpAll(
        replaceRegexpAll(part, '(^|[^\\d.eE+])(\\d{20,})', '\\1\\2.0'), '(\\d{20,})\\.0([.eE])', '\\1\\2')),
      extractAll(raw, '"(?:[^"\\\\]|\\\\.)*"|[^"]+|"'))), raw) AS readable
  FROM raw_events
);

ALTER TABLE parsed_events_type {{on_cluster}} MODIFY QUERY
WITH
  (x -> coalesce(dynamicElement(x, 'Float64'), dynamicElement(x, 'Int64'), dynamicElement(x, 'UInt64'))) AS number_of,
  (x -> if(has(['String', 'Int64', 'Float64', 'Bool', 'UInt64'], dynamicType(x)), toString(x), NULL)) AS text_of,
  (xs -> arrayMap((f, i, u) -> coalesce(f, i, u), dynamicElement(xs, 'Float64'), dynamicElement(xs, 'Int64'), dynamicElement(xs, 'UInt64'))) AS numbers_of,
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
      toLowCardinality(ifNull(dynamicElement(t.model, 'String'), '')) AS model,
      ifNull(dynamicElement(t.model_version, 'String'), '') AS version,
      ifNull(dynamicElement(t.environment, 'String'), '') AS environment,
      ifNull(dynamicElement(t.ts, 'String'), '') AS ts_text,
      number_of(t.ts) AS ts_number,
      ifNull(dynamicElement(t.prediction_id, 'String'), '') AS prediction_id,
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
      ifNull(dynamicElement(t.subject, 'String'), '') AS subject,
      ifNull(dynamicElement(t.status, 'String'), '') AS status,
      number_of(t.latency_ms) AS latency,
      ifNull(dynamicElement(t.source, 'String'), '') AS source
    FROM parsed_events
  )
);

ALTER TABLE typed_events_judge {{on_cluster}} MODIFY QUERY
SELECT topic, partition, offset, received_at, batch, raw, sent, t, kind, model, version, environment, ts, prediction_id, names, numbers, words, nulls,
  label, score, value, score_values, subject, status, latency, source,
  if(fields = understood OR fields = 0, CAST(map(), 'Map(LowCardinality(String), String)'),
     CAST(mapConcat(
       mapFilter((k, v) -> NOT has(
         if(kind = 2, ['type', 'prediction_id', 'model', 'ts', 'label', 'source', 'tags'],
            ['type', 'prediction_id', 'model', 'model_version', 'environment', 'ts', 'features', 'prediction', 'segment', 'protected',
             'attributions', 'subject', 'status', 'latency_ms', 'tags']), k), JSONExtract(raw, 'Map(String, String)')),
       mapApply((k, v) -> (concat('prediction.', k), v),
         mapFilter((k, v) -> kind != 2 AND NOT has(['label', 'score', 'value', 'scores'], k), JSONExtract(raw, 'prediction', 'Map(String, String)')))),
       'Map(LowCardinality(String), String)')) AS unknown,
  multiIf(
    good, '',

    -- the envelope
    size > 1048576,
      concat('too_large the event has ', toString(size), ' bytes and at most 1048576 are taken; only its beginning is kept here'),
    JSONType(raw) != 'Object', multiIf(
      NOT isValidUTF8(raw), 'invalid_utf8 the bytes are not UTF-8: encode the event as UTF-8',
      isValidJSON(raw), 'not_object an event is one JSON object: send {…}; several go into an array or one a line',
      -- literals for which JSON or the engine has no number: NaN, Infinity, 1e999, integers of 309 digits and more
      isValidJSON(replaceRegexpAll(raw, '([:,\\[]\\s*)(-?(?:NaN|Infinity)|-?\\d+(?:\\.\\d+)?[eE]\\+?\\d{3,}|-?\\d{309,}(?:\\.0)?)(\\s*[,}\\]])', '\\1null\\3')),
        concat('not_finite ', extract(raw, '"([^"]{1,200})"\\s*:\\s*(?:-?(?:NaN|Infinity)|-?\\d+(?:\\.\\d+)?[eE]\\+?\\d{3,}|-?\\d{309,}(?:\\.0)?)\\s*[,}\\]]'),
               ' is NaN, Infinity or a number too large to read: send null for a missing value'),
      'not_json the bytes are not one complete JSON value: look for truncation and quoting'),
    length(arrayDistinct(JSONExtractKeys(raw))) != JSONLength(raw), 'not_json a top-level field is given twice: send it once',
    JSONType(raw, 'prediction') = 'Object' AND length(arrayDistinct(JSONExtractKeys(raw, 'prediction'))) != JSONLength(raw, 'prediction'),
      'not_json a field of prediction is given twice: send it once',

    -- what both kinds have
    JSONType(raw, 'type') != 'Null' AND said != 0 AND type_name != if(said = 1, 'prediction', 'label'),
      'wrong_type type contradicts where the event was sent: leave it out or send it to the other address',
    kind = 0, if(JSONType(raw, 'type') = 'Null', 'missing_field type is missing: send "prediction" or "label"',
                 'wrong_type type is neither "prediction" nor "label"'),
    missing != '', concat('missing_field ', missing, ' is missing or null: send it'),
    not_text != '', concat('wrong_type ', not_text, ' is not a string: quote it'),
    not_object != '', concat('wrong_type ', not_object, ' is not an object'),
    prediction_id = '' OR model = '', concat('missing_field ', if(model = '', 'model', 'prediction_id'), ' is empty: send at least one character'),
    lengthUTF8(prediction_id) > 256, 'too_large prediction_id has more than 256 characters',
    task = '', concat('unknown_model model "', substringUTF8(model, 1, 128), '" is not registered: register it or correct the key'),
    isNull(ts), if(JSONType(raw, 'ts') != 'String', 'wrong_type ts is neither a string nor a number: send RFC 3339 or epoch milliseconds',
      concat('bad_timestamp ts "', substringUTF8(JSONExtractString(raw, 'ts'), 1, 64), '" is not RFC 3339 with an offset, for example 2026-11-21T10:00:00Z')),
    ts < received_at - past, concat('timestamp_out_of_range ts is more than ', toString(intDiv(past, 60000)), ' minutes older than its arrival',
      if(JSONType(raw, 'ts') != 'String' AND abs(ts) < 1e11, ': it looks like seconds, send milliseconds', '')),
    ts > received_at + future, concat('timestamp_out_of_range ts is more than ', toString(intDiv(future, 60000)), ' minutes ahead of its arrival: check the clock'),
    kind = 2, multiIf(
      isNull(label), 'wrong_type label is not a string, number or boolean',
      task = 'regression' AND isNull(value), 'wrong_type label is not a number: the model is a regression',
      stray, concat('unknown_class label "', substringUTF8(label, 1, 128), '" is none of the classes of the model file: ', told),
      ''),

    -- predictions
    arrayUniq(names) != length(names),
      concat('not_json features.', arrayFirst(n -> arrayCount(m -> m = n, names) > 1, names), ' is given twice: send it once'),
    nested != '', concat('wrong_type features.', nested, ' is an object or an array: send a number, string, boolean or null'),
    not_number != '', concat('wrong_type ', not_number, ' is not a number: do not quote it'),
    isNull(label) AND JSONType(raw, 'prediction', 'label') != 'Null', 'wrong_type prediction.label is not a string, number or boolean',
    JSONType(raw, 'prediction', 'scores') NOT IN ('Null', 'Object') OR has(score_values, NULL), 'wrong_type prediction.scores is not an object of class: number',
    task != 'regression' AND (ifNull(score, 0) < 0 OR ifNull(score, 0) > 1),
      concat('not_a_probability prediction.score is ', toString(score), ': a score is the probability of the positive class, from 0 to 1'),
    task != 'regression' AND arrayExists(p -> p < 0 OR p > 1, score_values),
      concat('not_a_probability prediction.scores.', arrayFirst((k, p) -> p < 0 OR p > 1, mapKeys(t.prediction.scores), score_values),
             ' is ', toString(arrayFirst(p -> p < 0 OR p > 1, score_values)), ': scores are probabilities, from 0 to 1'),
    absent != '', concat('missing_field prediction.', absent, ' is missing: a ', task, ' model answers ',
      multiIf(task = 'binary', '{"label","score"}', task = 'multiclass', '{"label","scores"}', '{"value"}')),
    stray, concat('unknown_class prediction.label "', substringUTF8(label, 1, 128), '" is none of the classes of the model file: ', told),
    has(mapValues(t.attributions), NULL), 'wrong_type attributions has a value that is not a number',
    '') AS problem
FROM (
  SELECT *,
    classes != '' AND isNotNull(label) AND NOT has(splitByChar('\t', classes), assumeNotNull(label)) AS stray,
    substringUTF8(replaceAll(classes, '\t', ', '), 1, 1000) AS told,
    NOT stray AND size <= 1048576 AND fields = understood AND fields > 0 AND startsWith(raw, '{') AND length(prediction_id) BETWEEN 1 AND 256 AND task != ''
        AND ts BETWEEN received_at - past AND received_at + future AND (type_name = '' OR type_name = if(kind = 2, 'label', 'prediction'))
        AND if(kind = 2, isNotNull(label) AND (task != 'regression' OR isNotNull(value)),
          kind = 1 AND position(raw, '[') = 0 AND notEmpty(names)
          AND if(task = 'regression', isNotNull(value), isNotNull(label) AND if(task = 'binary', isNotNull(score), notEmpty(score_values)))
          AND (task = 'regression' OR (ifNull(score, 0) BETWEEN 0 AND 1 AND NOT arrayExists(p -> p < 0 OR p > 1, score_values)))
          AND isNull(t.prediction.label) = isNull(label) AND isNull(t.prediction.score) = isNull(score) AND isNull(t.prediction.value) = isNull(value)
          AND arrayCount(x -> isNotNull(x), numbers) + arrayCount(x -> isNotNull(x), words) + length(nulls) = length(names)
          AND arrayUniq(names) = length(names)
          AND NOT has(score_values, NULL) AND NOT has(mapValues(t.attributions), NULL)) AS good,
    -- each of these names the first field that is wrong in one way; the engine computes them for odd events only
    arrayFirst(f -> JSONType(raw, f) = 'Null',
      if(kind = 2, ['prediction_id', 'model', 'ts', 'label'], ['prediction_id', 'model', 'ts', 'features', 'prediction'])) AS missing,
    arrayFirst(f -> JSONType(raw, f) NOT IN ('String', 'Null'),
      if(kind = 2, ['prediction_id', 'model', 'source'], ['prediction_id', 'model', 'model_version', 'environment', 'subject', 'status'])) AS not_text,
    arrayFirst(f -> JSONType(raw, f) NOT IN ('Object', 'Null'),
      if(kind = 2, ['tags'], ['features', 'prediction', 'segment', 'protected', 'attributions', 'tags'])) AS not_object,
    multiIf(isNotNull(t.prediction.score) AND isNull(score), 'prediction.score', isNotNull(t.prediction.value) AND isNull(value), 'prediction.value',
            isNull(latency) AND JSONType(raw, 'latency_ms') != 'Null', 'latency_ms', '') AS not_number,
    multiIf(task = 'regression', if(isNull(value), 'value', ''), isNull(label), 'label',
            task = 'binary', if(isNull(score), 'score', ''), if(empty(score_values), 'scores', '')) AS absent,
    arrayFirst((n, x, w) -> isNull(x) AND isNull(w) AND NOT has(nulls, n), names, numbers, words) AS nested
  FROM typed_events
);

ALTER TABLE judged_events_dead {{on_cluster}} MODIFY QUERY
SELECT topic, partition, offset, multiIf(judged_events.kind = 1, 'prediction', judged_events.kind = 2, 'label', '') AS kind, model,
  fromUnixTimestamp64Milli(judged_events.received_at, 'UTC') AS received_at, substringIndex(problem, ' ', 1) AS code,
  substring(problem, length(code) + 2) AS message, sent AS raw, batch
FROM judged_events
WHERE problem != '';

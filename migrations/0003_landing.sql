-- How bytes become rows. The service writes raw bytes with their position into `raw_events`; the engine decodes each
-- event once and routes it to exactly one of predictions, labels and dead_letters by the column `problem`: empty or not.
-- Nothing here may throw: a throwing view would leave half a batch behind (so OrNull, dynamicElement, no narrowing casts).

-- The models that events may name, as the writer last knew them: one row a model, the newest wins.
CREATE TABLE IF NOT EXISTS model_rules {{on_cluster}} (
  model String,
  task LowCardinality(String),
  -- how far an event's time may be behind and ahead of its arrival
  past_ms Int64,
  future_ms Int64,
  -- 0: no longer registered
  known UInt8,
  updated_at DateTime64(6, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(updated_at)
ORDER BY model;

CREATE TABLE IF NOT EXISTS raw_events {{on_cluster}} (
  topic LowCardinality(String),
  partition UInt16,
  offset UInt64,
  -- epoch milliseconds
  received_at Int64,
  -- what the endpoint or the topic says: 1 prediction, 2 label, 0 the event's own `type` decides
  kind UInt16,
  -- bytes as sent; `raw` is shorter when the event was over the limit
  size UInt32,
  raw String
) ENGINE = Null;

-- An event after decoding: what it is, its columns, and what is wrong with it ('' or 'code message').
CREATE TABLE IF NOT EXISTS decoded_events {{on_cluster}} (
  kind UInt8,
  problem String,
  model LowCardinality(String),
  version LowCardinality(String),
  environment LowCardinality(String),
  ts DateTime64(3, 'UTC'),
  prediction_id String,
  num Map(LowCardinality(String), Float64),
  cat Map(LowCardinality(String), LowCardinality(String)),
  nulls Array(LowCardinality(String)),
  label LowCardinality(String),
  score Float64,
  value Float64,
  scores Map(LowCardinality(String), Float64),
  segment Map(LowCardinality(String), LowCardinality(String)),
  protected Map(LowCardinality(String), LowCardinality(String)),
  attributions Map(LowCardinality(String), Float64),
  subject String,
  status LowCardinality(String),
  latency_ms Float32,
  tags Map(LowCardinality(String), String),
  source LowCardinality(String),
  topic LowCardinality(String),
  partition UInt16,
  offset UInt64,
  received_at DateTime64(3, 'UTC'),
  raw String
) ENGINE = Null;

-- Dynamic keeps the JSON type of every value, so that a string where a number belongs is seen, not coerced.
-- `present` counts the known top-level fields that were understood; when it differs from the number of fields in the
-- object there is something unusual (unknown, null, mistyped or repeated fields), and only then the slow look is taken.
CREATE MATERIALIZED VIEW IF NOT EXISTS raw_events_decode {{on_cluster}} TO decoded_events AS
WITH
  (SELECT (groupArray(model), groupArray(task), groupArray(past_ms), groupArray(future_ms))
   FROM (SELECT model, task, past_ms, future_ms FROM model_rules FINAL WHERE known = 1)) AS rules,
  (x -> dynamicElement(x, 'String')) AS str,
  (x -> coalesce(dynamicElement(x, 'Float64'), toFloat64(dynamicElement(x, 'Int64')), toFloat64(dynamicElement(x, 'UInt64')))) AS number,
  (x -> coalesce(dynamicElement(x, 'String'), toString(dynamicElement(x, 'Int64')), toString(dynamicElement(x, 'Float64')),
                 toString(dynamicElement(x, 'UInt64')), toString(dynamicElement(x, 'Bool')))) AS text,
  (xs -> arrayMap((f, i, u) -> coalesce(f, toFloat64(i), toFloat64(u)),
                  dynamicElement(xs, 'Float64'), dynamicElement(xs, 'Int64'), dynamicElement(xs, 'UInt64'))) AS numbers,
  (xs -> arrayMap((s, b) -> coalesce(s, if(b, 'true', 'false')), dynamicElement(xs, 'String'), dynamicElement(xs, 'Bool'))) AS words,
  (xs -> arrayMap(x -> coalesce(dynamicElement(x, 'String'), toString(dynamicElement(x, 'Bool')), toString(dynamicElement(x, 'Int64')),
                                toString(dynamicElement(x, 'Float64'))), xs)) AS texts,

  -- the one parse of the common case
  JSONExtract(raw, 'Tuple(type Dynamic, prediction_id Dynamic, model Dynamic, model_version Dynamic, environment Dynamic, ts Dynamic,
    features Map(LowCardinality(String), Dynamic),
    prediction Tuple(label Dynamic, score Dynamic, value Dynamic, scores Map(LowCardinality(String), Dynamic)),
    label Dynamic, source Dynamic, segment Map(LowCardinality(String), Dynamic), protected Map(LowCardinality(String), Dynamic),
    attributions Map(LowCardinality(String), Dynamic), subject Dynamic, status Dynamic, latency_ms Dynamic,
    tags Map(LowCardinality(String), String))') AS t,

  str(t.type) AS type_name,
  multiIf(e.kind != 0, toUInt8(e.kind), type_name = 'prediction', 1, type_name = 'label', 2, 0) AS kind_,
  isNotNull(t.type) + isNotNull(t.prediction_id) + isNotNull(t.model) + isNotNull(t.ts) + notEmpty(t.tags) AS present_common,
  isNotNull(t.prediction.label) + isNotNull(t.prediction.score) + isNotNull(t.prediction.value) + notEmpty(t.prediction.scores) AS outputs,
  isNotNull(t.model_version) + isNotNull(t.environment) + notEmpty(t.features) + (outputs > 0) + notEmpty(t.segment)
    + notEmpty(t.protected) + notEmpty(t.attributions) + isNotNull(t.subject) + isNotNull(t.status) + isNotNull(t.latency_ms) AS present_prediction,
  isNotNull(t.label) + isNotNull(t.source) AS present_label,
  present_common + if(kind_ = 2, present_label, present_prediction) AS present,
  startsWith(raw, '{') AND present = JSONLength(raw) AND present > 0 AS plain,

  if(kind_ = 2, ['type', 'prediction_id', 'model', 'ts', 'label', 'source', 'tags'],
     ['type', 'prediction_id', 'model', 'model_version', 'environment', 'ts', 'features', 'prediction', 'segment', 'protected',
      'attributions', 'subject', 'status', 'latency_ms', 'tags']) AS known_fields,
  if(plain, [], JSONExtractKeys(raw)) AS fields,
  if(plain OR NOT arrayExists(f -> NOT has(known_fields, f), fields), CAST(map(), 'Map(LowCardinality(String), String)'),
     CAST(mapFilter((k, v) -> NOT has(known_fields, k), JSONExtract(raw, 'Map(String, String)')), 'Map(LowCardinality(String), String)')) AS unknown_fields,

  ifNull(str(t.prediction_id), '') AS id,
  toLowCardinality(ifNull(str(t.model), '')) AS model_,
  transform(model_, rules.1, rules.2, '') AS task,
  transform(model_, rules.1, rules.3, toInt64(0)) AS past,
  transform(model_, rules.1, rules.4, toInt64(0)) AS future,
  ifNull(str(t.ts), '') AS ts_text,
  number(t.ts) AS ts_number,
  if(match(ts_text, '^\\d{4}-\\d\\d-\\d\\d[Tt ]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)$'),
     toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(upper(ts_text), 3, 'UTC')),
     if(abs(ts_number) < 1e15, toInt64(ts_number), if(isNull(ts_number), NULL, -9000000000000000))) AS ts_ms,

  mapKeys(t.features) AS names,
  mapValues(t.features) AS given,
  numbers(given) AS feature_numbers,
  words(given) AS feature_words,
  arrayFilter((n, x) -> isNull(x), names, given) AS feature_nulls,
  arrayFilter((n, x) -> isNotNull(x), names, feature_numbers) AS numeric_names,
  arrayFilter((n, x) -> isNotNull(x), names, feature_words) AS word_names,

  number(t.prediction.score) AS score_,
  number(t.prediction.value) AS value_,
  text(t.prediction.label) AS label_,
  numbers(mapValues(t.prediction.scores)) AS scores_values,
  texts(mapValues(t.segment)) AS segment_values,
  texts(mapValues(t.protected)) AS protected_values,
  numbers(mapValues(t.attributions)) AS attribution_values,
  if(position(raw, '[') > 0 OR outputs = 0, toString(JSONType(raw, 'prediction')), 'Object') AS prediction_type,
  text(t.label) AS truth,

  -- a literal that JSON or the engine has no number for: NaN, Infinity, 1e999, integers of more than 19 digits
  replaceRegexpAll(raw, '([:,\\[]\\s*)(-?(NaN|Infinity)|-?\\d+(\\.\\d+)?[eE]\\+?\\d{3,}|-?\\d{19,})(\\s*[,}\\]])', '\\1null\\5') AS repaired,
  extract(raw, '"([^"]{1,200})"\\s*:\\s*(?:-?(?:NaN|Infinity)|-?\\d+(?:\\.\\d+)?[eE]\\+?\\d{3,}|-?\\d{19,})\\s*[,}\\]]') AS unreadable_number,
  arrayFirst(f -> arrayCount(g -> g = f, fields) > 1, fields) AS repeated_field,

  multiIf(
    e.size > 1048576,
      concat('too_large the event has ', toString(e.size), ' bytes, at most 1048576 are taken; only its first bytes are kept here'),
    plain, '',
    JSONType(raw) = 'Object', if(empty(repeated_field), '', concat('not_json the field ', repeated_field, ' is given twice: send it once')),
    NOT isValidUTF8(raw), 'invalid_utf8 the bytes are not UTF-8: encode the event as UTF-8',
    isValidJSON(raw), 'not_object an event is one JSON object: send {…}, and several as an array or one a line',
    isValidJSON(repaired), concat('not_finite ', if(empty(unreadable_number), 'a number', unreadable_number),
      ' is not a finite number of at most 19 digits: send null for a missing value'),
    'not_json the bytes are not one complete JSON value: check for truncation and quoting'
  ) AS envelope_problem,

  multiIf(
    envelope_problem != '', envelope_problem,
    e.kind != 0 AND isNotNull(t.type) AND ifNull(type_name, '') != if(e.kind = 1, 'prediction', 'label'),
      concat('wrong_type type contradicts where the event was sent: leave it out or send "', if(e.kind = 1, 'prediction', 'label'), '"'),
    kind_ = 0 AND isNull(t.type), 'missing_field type is missing: send "prediction" or "label"',
    kind_ = 0, 'wrong_type type is neither "prediction" nor "label"',
    isNull(t.prediction_id), 'missing_field prediction_id is missing or null: send a string of 1 to 256 characters',
    isNull(str(t.prediction_id)), concat('wrong_type prediction_id is ', dynamicType(t.prediction_id), ': send it as a string'),
    empty(id), 'missing_field prediction_id is empty: send a string of 1 to 256 characters',
    length(id) > 256 AND lengthUTF8(id) > 256, 'too_large prediction_id has more than 256 characters',
    isNull(t.model), 'missing_field model is missing or null: send the key of a registered model',
    isNull(str(t.model)), concat('wrong_type model is ', dynamicType(t.model), ': send the key of a registered model as a string'),
    empty(model_), 'missing_field model is empty: send the key of a registered model',
    empty(task), concat('unknown_model model "', substringUTF8(model_, 1, 128), '" is not registered: register it or correct the key'),
    isNull(t.ts), 'missing_field ts is missing or null: send the time of the event',
    isNull(ts_number) AND isNull(str(t.ts)), concat('wrong_type ts is ', dynamicType(t.ts), ': send RFC 3339 text or epoch milliseconds'),
    isNull(ts_ms), concat('bad_timestamp ts "', substringUTF8(ts_text, 1, 64), '" is not RFC 3339 with an offset, for example 2026-11-21T10:00:00Z'),
    ts_ms < e.received_at - past,
      concat('timestamp_out_of_range ts is more than ', toString(intDiv(past, 60000)), ' minutes before the event arrived',
             if(abs(ts_ms) < 1e11 AND isNotNull(ts_number), ': it looks like seconds, send milliseconds', '')),
    ts_ms > e.received_at + future,
      concat('timestamp_out_of_range ts is more than ', toString(intDiv(future, 60000)), ' minutes after the event arrived: check the clock'),
    NOT plain AND JSONType(raw, 'tags') NOT IN ('Object', 'Null'), 'wrong_type tags is not an object',
    ''
  ) AS common_problem,

  multiIf(
    common_problem != '' OR kind_ != 1, '',
    empty(names) AND JSONType(raw, 'features') = 'Null', 'missing_field features is missing or null: send an object, {} when there are none',
    empty(names) AND JSONType(raw, 'features') != 'Object', 'wrong_type features is not an object of name: value',
    length(arrayDistinct(names)) != length(names),
      concat('not_json features.', arrayFirst(f -> arrayCount(g -> g = f, names) > 1, names), ' is given twice: send it once'),
    length(numeric_names) + length(word_names) + length(feature_nulls) != length(names),
      concat('wrong_type features.', arrayFirst((n, x, f, w) -> isNotNull(x) AND isNull(f) AND isNull(w), names, given, feature_numbers, feature_words),
             ' is an object or an array: send a number, string, boolean or null'),
    prediction_type = 'Null', 'missing_field prediction is missing or null: send an object with the model''s output',
    prediction_type != 'Object', 'wrong_type prediction is not an object: send {"label","score"}, {"label","scores"} or {"value"}',
    isNotNull(t.prediction.label) AND isNull(label_), 'wrong_type prediction.label is not a string, number or boolean',
    isNotNull(t.prediction.score) AND isNull(score_), concat('wrong_type prediction.score is ', dynamicType(t.prediction.score), ': send a number'),
    isNotNull(t.prediction.value) AND isNull(value_), concat('wrong_type prediction.value is ', dynamicType(t.prediction.value), ': send a number'),
    has(scores_values, NULL), 'wrong_type prediction.scores has a value that is not a number',
    task != 'regression' AND isNull(label_), concat('missing_field prediction.label is missing: a ', task, ' model answers with a label'),
    task = 'binary' AND isNull(score_), 'missing_field prediction.score is missing: a binary model answers {"label","score"}',
    task = 'multiclass' AND empty(scores_values) AND JSONType(raw, 'prediction', 'scores') NOT IN ('Null', 'Object'),
      'wrong_type prediction.scores is not an object of class: number',
    task = 'multiclass' AND empty(scores_values), 'missing_field prediction.scores is missing: a multiclass model answers {"label","scores":{…}}',
    task = 'regression' AND isNull(value_), 'missing_field prediction.value is missing: a regression model answers {"value"}',
    isNotNull(t.model_version) AND isNull(str(t.model_version)), concat('wrong_type model_version is ', dynamicType(t.model_version), ': send it as a string'),
    isNotNull(t.environment) AND isNull(str(t.environment)), concat('wrong_type environment is ', dynamicType(t.environment), ': send it as a string'),
    isNotNull(t.subject) AND isNull(str(t.subject)), concat('wrong_type subject is ', dynamicType(t.subject), ': send it as a string'),
    isNotNull(t.status) AND isNull(str(t.status)), concat('wrong_type status is ', dynamicType(t.status), ': send it as a string'),
    isNotNull(t.latency_ms) AND isNull(number(t.latency_ms)), concat('wrong_type latency_ms is ', dynamicType(t.latency_ms), ': send a number'),
    has(segment_values, NULL), 'wrong_type segment has a value that is not a string, number or boolean',
    has(protected_values, NULL), 'wrong_type protected has a value that is not a string, number or boolean',
    has(attribution_values, NULL), 'wrong_type attributions has a value that is not a number',
    plain, '',
    JSONType(raw, 'segment') NOT IN ('Object', 'Null'), 'wrong_type segment is not an object',
    JSONType(raw, 'protected') NOT IN ('Object', 'Null'), 'wrong_type protected is not an object',
    JSONType(raw, 'attributions') NOT IN ('Object', 'Null'), 'wrong_type attributions is not an object',
    ''
  ) AS prediction_problem,

  multiIf(
    common_problem != '' OR kind_ != 2, '',
    isNull(t.label), 'missing_field label is missing or null: send the true class or value',
    isNull(truth), 'wrong_type label is not a string, number or boolean',
    task = 'regression' AND isNull(number(t.label)), concat('wrong_type label is ', dynamicType(t.label), ': a regression model''s label is a number'),
    isNotNull(t.source) AND isNull(str(t.source)), concat('wrong_type source is ', dynamicType(t.source), ': send it as a string'),
    ''
  ) AS label_problem

SELECT
  kind_ AS kind,
  concat(common_problem, prediction_problem, label_problem) AS problem,
  model_ AS model,
  ifNull(str(t.model_version), '') AS version,
  ifNull(str(t.environment), '') AS environment,
  fromUnixTimestamp64Milli(if(problem = '', ifNull(ts_ms, 0), 0), 'UTC') AS ts,
  id AS prediction_id,
  CAST(mapFromArrays(numeric_names, arrayFilter(x -> isNotNull(x), feature_numbers)), 'Map(LowCardinality(String), Float64)') AS num,
  CAST(mapFromArrays(word_names, arrayFilter(x -> isNotNull(x), feature_words)), 'Map(LowCardinality(String), LowCardinality(String))') AS cat,
  feature_nulls AS nulls,
  ifNull(if(kind_ = 2, truth, label_), '') AS label,
  ifNull(score_, nan) AS score,
  if(kind_ = 2, ifNull(coalesce(number(t.label), toFloat64(dynamicElement(t.label, 'Bool'))), nan), ifNull(value_, nan)) AS value,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), mapKeys(t.prediction.scores), scores_values), arrayFilter(x -> isNotNull(x), scores_values)), 'Map(LowCardinality(String), Float64)') AS scores,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), mapKeys(t.segment), segment_values), arrayFilter(x -> isNotNull(x), segment_values)), 'Map(LowCardinality(String), LowCardinality(String))') AS segment,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), mapKeys(t.protected), protected_values), arrayFilter(x -> isNotNull(x), protected_values)), 'Map(LowCardinality(String), LowCardinality(String))') AS protected,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), mapKeys(t.attributions), attribution_values), arrayFilter(x -> isNotNull(x), attribution_values)), 'Map(LowCardinality(String), Float64)') AS attributions,
  ifNull(str(t.subject), '') AS subject,
  ifNull(str(t.status), '') AS status,
  toFloat32(ifNull(number(t.latency_ms), nan)) AS latency_ms,
  mapUpdate(unknown_fields, t.tags) AS tags,
  ifNull(str(t.source), '') AS source,
  e.topic AS topic,
  e.partition AS partition,
  e.offset AS offset,
  fromUnixTimestamp64Milli(e.received_at, 'UTC') AS received_at,
  raw
FROM raw_events AS e;

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_events_predictions {{on_cluster}} TO predictions AS
SELECT model, version, environment, ts, prediction_id, num, cat, nulls, label, score, value, scores, segment, protected, attributions,
       subject, status, latency_ms, tags, topic, partition, offset
FROM decoded_events
WHERE problem = '' AND kind = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_events_labels {{on_cluster}} TO labels AS
SELECT model, prediction_id, source, label, value, ts AS labelled_at, tags, topic, partition, offset
FROM decoded_events
WHERE problem = '' AND kind = 2;

-- Everything that is not one of the two above, by the same column: parsed + dead = sent.
CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_events_dead {{on_cluster}} TO dead_letters AS
SELECT topic, partition, offset, multiIf(kind = 1, 'prediction', kind = 2, 'label', '') AS kind, model, received_at,
       splitByChar(' ', problem)[1] AS code, substring(problem, length(code) + 2) AS message, raw
FROM decoded_events
WHERE problem != '' OR kind NOT IN (1, 2);

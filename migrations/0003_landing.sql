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
-- `present` counts the known top-level fields that were understood; when it differs from the number of fields in the object
-- there is something unusual (unknown, null, mistyped or repeated fields), and only then the slow look is taken (`NOT plain`).
-- Nested selects, not aliases of aliases: the engine copies an alias into every place that names it, and analysis would take 100 ms.
CREATE MATERIALIZED VIEW IF NOT EXISTS raw_events_decode {{on_cluster}} TO decoded_events AS
WITH
  (x -> coalesce(dynamicElement(x, 'Float64'), toFloat64(dynamicElement(x, 'Int64')), toFloat64(dynamicElement(x, 'UInt64')))) AS number,
  (x -> coalesce(dynamicElement(x, 'String'), toString(dynamicElement(x, 'Int64')), toString(dynamicElement(x, 'Float64')),
                 toString(dynamicElement(x, 'UInt64')), toString(dynamicElement(x, 'Bool')))) AS text,
  (xs -> arrayMap((f, i, u) -> coalesce(f, toFloat64(i), toFloat64(u)),
                  dynamicElement(xs, 'Float64'), dynamicElement(xs, 'Int64'), dynamicElement(xs, 'UInt64'))) AS numbers,
  (xs -> arrayMap((s, b) -> coalesce(s, toString(b)), dynamicElement(xs, 'String'), dynamicElement(xs, 'Bool'))) AS words,
  (xs -> arrayMap((s, b, i, f) -> coalesce(s, toString(b), toString(i), toString(f)), dynamicElement(xs, 'String'),
                  dynamicElement(xs, 'Bool'), dynamicElement(xs, 'Int64'), dynamicElement(xs, 'Float64'))) AS texts,
  (SELECT (groupArray(model), groupArray(task), groupArray(past_ms), groupArray(future_ms))
   FROM (SELECT model, task, past_ms, future_ms FROM model_rules FINAL WHERE known = 1)) AS rules
SELECT
  kind,
  problem,
  model,
  version,
  environment,
  fromUnixTimestamp64Milli(if(problem = '', ifNull(ts_ms, 0), 0), 'UTC') AS ts,
  prediction_id,
  CAST(mapFromArrays(numeric_names, arrayFilter(x -> isNotNull(x), feature_numbers)), 'Map(LowCardinality(String), Float64)') AS num,
  CAST(mapFromArrays(word_names, arrayFilter(x -> isNotNull(x), feature_words)), 'Map(LowCardinality(String), LowCardinality(String))') AS cat,
  null_names AS nulls,
  ifNull(if(kind = 2, truth, output_label), '') AS label,
  ifNull(output_score, nan) AS score,
  ifNull(if(kind = 2, truth_value, output_value), nan) AS value,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), score_names, score_values), arrayFilter(x -> isNotNull(x), score_values)),
       'Map(LowCardinality(String), Float64)') AS scores,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), segment_names, segment_values), arrayFilter(x -> isNotNull(x), segment_values)),
       'Map(LowCardinality(String), LowCardinality(String))') AS segment,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), protected_names, protected_values), arrayFilter(x -> isNotNull(x), protected_values)),
       'Map(LowCardinality(String), LowCardinality(String))') AS protected,
  CAST(mapFromArrays(arrayFilter((k, x) -> isNotNull(x), attribution_names, attribution_values), arrayFilter(x -> isNotNull(x), attribution_values)),
       'Map(LowCardinality(String), Float64)') AS attributions,
  subject,
  status,
  toFloat32(ifNull(latency, nan)) AS latency_ms,
  mapUpdate(unknown_fields, tags) AS tags,
  source,
  topic,
  partition,
  offset,
  fromUnixTimestamp64Milli(received_at, 'UTC') AS received_at,
  raw
FROM (
  SELECT
    *,
    multiIf(
      envelope_problem != '', envelope_problem,
      said != 0 AND type_given AND type_name != if(said = 1, 'prediction', 'label'),
        concat('wrong_type type contradicts where the event was sent: leave it out or send "', if(said = 1, 'prediction', 'label'), '"'),
      kind = 0 AND NOT type_given, 'missing_field type is missing: send "prediction" or "label"',
      kind = 0, 'wrong_type type is neither "prediction" nor "label"',
      empty(prediction_id), if(isNull(t.prediction_id) OR isNotNull(dynamicElement(t.prediction_id, 'String')),
        'missing_field prediction_id is missing, null or empty: send a string of 1 to 256 characters',
        concat('wrong_type prediction_id is ', dynamicType(t.prediction_id), ': send it as a string')),
      length(prediction_id) > 256 AND lengthUTF8(prediction_id) > 256, 'too_large prediction_id has more than 256 characters',
      empty(model), if(isNull(t.model) OR isNotNull(dynamicElement(t.model, 'String')),
        'missing_field model is missing, null or empty: send the key of a registered model',
        concat('wrong_type model is ', dynamicType(t.model), ': send the key of a registered model as a string')),
      empty(task), concat('unknown_model model "', substringUTF8(model, 1, 128), '" is not registered: register it or correct the key'),
      isNull(t.ts), 'missing_field ts is missing or null: send the time of the event',
      isNull(ts_number) AND isNull(ts_text), concat('wrong_type ts is ', dynamicType(t.ts), ': send RFC 3339 text or epoch milliseconds'),
      isNull(ts_ms), concat('bad_timestamp ts "', substringUTF8(ifNull(ts_text, ''), 1, 64), '" is not RFC 3339 with an offset, for example 2026-11-21T10:00:00Z'),
      ts_ms < received_at - past,
        concat('timestamp_out_of_range ts is more than ', toString(intDiv(past, 60000)), ' minutes before the event arrived',
               if(abs(ts_ms) < 1e11 AND isNotNull(ts_number), ': it looks like seconds, send milliseconds', '')),
      ts_ms > received_at + future,
        concat('timestamp_out_of_range ts is more than ', toString(intDiv(future, 60000)), ' minutes after the event arrived: check the clock'),
      NOT plain AND JSONType(raw, 'tags') NOT IN ('Object', 'Null'), 'wrong_type tags is not an object',
      kind = 2, multiIf(
        isNull(t.label), 'missing_field label is missing or null: send the true class or value',
        isNull(truth), 'wrong_type label is not a string, number or boolean',
        task = 'regression' AND isNull(truth_number), concat('wrong_type label is ', dynamicType(t.label), ': a regression model''s label is a number'),
        isNotNull(t.source) AND isNull(dynamicElement(t.source, 'String')), concat('wrong_type source is ', dynamicType(t.source), ': send it as a string'),
        ''),
      empty(feature_names) AND JSONType(raw, 'features') = 'Null', 'missing_field features is missing or null: send an object, {} when there are none',
      empty(feature_names) AND JSONType(raw, 'features') != 'Object', 'wrong_type features is not an object of name: value',
      length(arrayDistinct(feature_names)) != length(feature_names),
        concat('not_json features.', arrayFirst(f -> arrayCount(g -> g = f, feature_names) > 1, feature_names), ' is given twice: send it once'),
      length(numeric_names) + length(word_names) + length(null_names) != length(feature_names),
        concat('wrong_type features.',
               arrayFirst(f -> NOT has(numeric_names, f) AND NOT has(word_names, f) AND NOT has(null_names, f), feature_names),
               ' is an object or an array: send a number, string, boolean or null'),
      output_type = 'Null', 'missing_field prediction is missing or null: send an object with the output of the model',
      output_type != 'Object', 'wrong_type prediction is not an object: send {"label","score"}, {"label","scores"} or {"value"}',
      isNotNull(t.prediction.label) AND isNull(output_label), 'wrong_type prediction.label is not a string, number or boolean',
      isNotNull(t.prediction.score) AND isNull(output_score), concat('wrong_type prediction.score is ', dynamicType(t.prediction.score), ': send a number'),
      isNotNull(t.prediction.value) AND isNull(output_value), concat('wrong_type prediction.value is ', dynamicType(t.prediction.value), ': send a number'),
      has(score_values, NULL), 'wrong_type prediction.scores has a value that is not a number',
      task != 'regression' AND isNull(output_label), concat('missing_field prediction.label is missing: a ', task, ' model answers with a label'),
      task = 'binary' AND isNull(output_score), 'missing_field prediction.score is missing: a binary model answers {"label","score"}',
      task = 'multiclass' AND empty(score_values), if(JSONType(raw, 'prediction', 'scores') IN ('Null', 'Object'),
        'missing_field prediction.scores is missing: a multiclass model answers {"label","scores":{…}}',
        'wrong_type prediction.scores is not an object of class: number'),
      task = 'regression' AND isNull(output_value), 'missing_field prediction.value is missing: a regression model answers {"value"}',
      isNotNull(t.model_version) AND isNull(dynamicElement(t.model_version, 'String')), concat('wrong_type model_version is ', dynamicType(t.model_version), ': send it as a string'),
      isNotNull(t.environment) AND isNull(dynamicElement(t.environment, 'String')), concat('wrong_type environment is ', dynamicType(t.environment), ': send it as a string'),
      isNotNull(t.subject) AND isNull(dynamicElement(t.subject, 'String')), concat('wrong_type subject is ', dynamicType(t.subject), ': send it as a string'),
      isNotNull(t.status) AND isNull(dynamicElement(t.status, 'String')), concat('wrong_type status is ', dynamicType(t.status), ': send it as a string'),
      isNotNull(t.latency_ms) AND isNull(latency), concat('wrong_type latency_ms is ', dynamicType(t.latency_ms), ': send a number'),
      has(segment_values, NULL), 'wrong_type segment has a value that is not a string, number or boolean',
      has(protected_values, NULL), 'wrong_type protected has a value that is not a string, number or boolean',
      has(attribution_values, NULL), 'wrong_type attributions has a value that is not a number',
      plain, '',
      JSONType(raw, 'segment') NOT IN ('Object', 'Null'), 'wrong_type segment is not an object',
      JSONType(raw, 'protected') NOT IN ('Object', 'Null'), 'wrong_type protected is not an object',
      JSONType(raw, 'attributions') NOT IN ('Object', 'Null'), 'wrong_type attributions is not an object',
      ''
    ) AS problem
  FROM (
    SELECT
      *,
      CAST(if(arrayExists(f -> NOT has(known_fields, f), fields),
              mapFilter((k, v) -> NOT has(known_fields, k), JSONExtract(raw, 'Map(String, String)')),
              map()), 'Map(LowCardinality(String), String)') AS unknown_fields,
      transform(model, rules.1, rules.2, '') AS task,
      transform(model, rules.1, rules.3, toInt64(0)) AS past,
      transform(model, rules.1, rules.4, toInt64(0)) AS future,
      if(match(ifNull(ts_text, ''), '^\\d{4}-\\d\\d-\\d\\d[Tt ]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)$'),
         toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(upper(ifNull(ts_text, '')), 3, 'UTC')),
         multiIf(isNull(ts_number), NULL, abs(ts_number) < 1e15, toInt64(ts_number), -9000000000000000)) AS ts_ms,
      arrayFilter((n, x) -> isNull(x), feature_names, feature_values) AS null_names,
      arrayFilter((n, x) -> isNotNull(x), feature_names, feature_numbers) AS numeric_names,
      arrayFilter((n, x) -> isNotNull(x), feature_names, feature_words) AS word_names,
      multiIf(
        size > 1048576,
          concat('too_large the event has ', toString(size), ' bytes, at most 1048576 are taken; only its first bytes are kept here'),
        plain, '',
        JSONType(raw) = 'Object', if(length(arrayDistinct(fields)) = length(fields), '',
          concat('not_json the field ', arrayFirst(f -> arrayCount(g -> g = f, fields) > 1, fields), ' is given twice: send it once')),
        NOT isValidUTF8(raw), 'invalid_utf8 the bytes are not UTF-8: encode the event as UTF-8',
        isValidJSON(raw), 'not_object an event is one JSON object: send {…}, and several as an array or one a line',
        -- literals for which JSON or the engine has no number: NaN, Infinity, 1e999, integers of 19 digits and more
        isValidJSON(replaceRegexpAll(raw, '([:,\\[]\\s*)(-?(NaN|Infinity)|-?\\d+(\\.\\d+)?[eE]\\+?\\d{3,}|-?\\d{19,})(\\s*[,}\\]])', '\\1null\\5')),
          concat('not_finite ', extract(raw, '"([^"]{1,200})"\\s*:\\s*(?:-?(?:NaN|Infinity)|-?\\d+(?:\\.\\d+)?[eE]\\+?\\d{3,}|-?\\d{19,})\\s*[,}\\]]'),
            ' holds NaN, Infinity or a number too large to read: send null for a missing value'),
        'not_json the bytes are not one complete JSON value: look for truncation and quoting'
      ) AS envelope_problem
    FROM (
      SELECT
        *,
        startsWith(raw, '{') AND present > 0 AND present = top_fields AS plain,
        if(plain, [], JSONExtractKeys(raw)) AS fields,
        if(kind = 2, ['type', 'prediction_id', 'model', 'ts', 'label', 'source', 'tags'],
           ['type', 'prediction_id', 'model', 'model_version', 'environment', 'ts', 'features', 'prediction', 'segment', 'protected',
            'attributions', 'subject', 'status', 'latency_ms', 'tags']) AS known_fields
      FROM (
        SELECT
          *,
          multiIf(said != 0, toUInt8(said), type_name = 'prediction', 1, type_name = 'label', 2, 0) AS kind,
          isNotNull(t.label) + isNotNull(t.source) AS label_fields,
          isNotNull(t.model_version) + isNotNull(t.environment) + notEmpty(feature_names) + has_output + notEmpty(segment_names)
            + notEmpty(protected_names) + notEmpty(attribution_names) + isNotNull(t.subject) + isNotNull(t.status) + isNotNull(t.latency_ms) AS prediction_fields,
          isNotNull(t.type) + isNotNull(t.prediction_id) + isNotNull(t.model) + isNotNull(t.ts) + notEmpty(tags)
            + if(kind = 2, label_fields, prediction_fields) AS present,
          if(has_output AND position(raw, '[') = 0, 'Object', toString(JSONType(raw, 'prediction'))) AS output_type,
          number(t.ts) AS ts_number,
          words(feature_values) AS feature_words,
          numbers(feature_values) AS feature_numbers
        FROM (
          SELECT
            topic, partition, offset, received_at, kind AS said, size, raw,
            -- the one parse of the common case
            JSONExtract(raw, 'Tuple(type Dynamic, prediction_id Dynamic, model Dynamic, model_version Dynamic, environment Dynamic, ts Dynamic,
              features Map(LowCardinality(String), Dynamic),
              prediction Tuple(label Dynamic, score Dynamic, value Dynamic, scores Map(LowCardinality(String), Dynamic)),
              label Dynamic, source Dynamic, segment Map(LowCardinality(String), Dynamic), protected Map(LowCardinality(String), Dynamic),
              attributions Map(LowCardinality(String), Dynamic), subject Dynamic, status Dynamic, latency_ms Dynamic,
              tags Map(LowCardinality(String), String))') AS t,
            JSONLength(raw) AS top_fields,
            isNotNull(t.type) AS type_given,
            ifNull(dynamicElement(t.type, 'String'), '') AS type_name,
            ifNull(dynamicElement(t.prediction_id, 'String'), '') AS prediction_id,
            toLowCardinality(ifNull(dynamicElement(t.model, 'String'), '')) AS model,
            ifNull(dynamicElement(t.model_version, 'String'), '') AS version,
            ifNull(dynamicElement(t.environment, 'String'), '') AS environment,
            dynamicElement(t.ts, 'String') AS ts_text,
            mapKeys(t.features) AS feature_names,
            mapValues(t.features) AS feature_values,
            text(t.prediction.label) AS output_label,
            number(t.prediction.score) AS output_score,
            number(t.prediction.value) AS output_value,
            mapKeys(t.prediction.scores) AS score_names,
            numbers(mapValues(t.prediction.scores)) AS score_values,
            isNotNull(t.prediction.label) OR isNotNull(t.prediction.score) OR isNotNull(t.prediction.value) OR notEmpty(t.prediction.scores) AS has_output,
            mapKeys(t.segment) AS segment_names,
            texts(mapValues(t.segment)) AS segment_values,
            mapKeys(t.protected) AS protected_names,
            texts(mapValues(t.protected)) AS protected_values,
            mapKeys(t.attributions) AS attribution_names,
            numbers(mapValues(t.attributions)) AS attribution_values,
            ifNull(dynamicElement(t.subject, 'String'), '') AS subject,
            ifNull(dynamicElement(t.status, 'String'), '') AS status,
            number(t.latency_ms) AS latency,
            t.tags AS tags,
            text(t.label) AS truth,
            number(t.label) AS truth_number,
            coalesce(truth_number, toFloat64(dynamicElement(t.label, 'Bool'))) AS truth_value,
            ifNull(dynamicElement(t.source, 'String'), '') AS source
          FROM raw_events
        )
      )
    )
  )
);

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_events_predictions {{on_cluster}} TO predictions AS
SELECT model, version, environment, ts, prediction_id, num, cat, nulls, label, score, value, scores, segment, protected, attributions,
       subject, status, latency_ms, tags, topic, partition, offset
FROM decoded_events
WHERE problem = '' AND kind != 2;

CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_events_labels {{on_cluster}} TO labels AS
SELECT model, prediction_id, source, label, value, ts AS labelled_at, tags, topic, partition, offset
FROM decoded_events
WHERE problem = '' AND kind = 2;

-- Everything that is not one of the two above, by the same column: parsed + dead = sent.
CREATE MATERIALIZED VIEW IF NOT EXISTS decoded_events_dead {{on_cluster}} TO dead_letters AS
SELECT topic, partition, offset, multiIf(kind = 1, 'prediction', kind = 2, 'label', '') AS kind, model, received_at,
       splitByChar(' ', problem)[1] AS code, substring(problem, length(code) + 2) AS message, raw
FROM decoded_events
WHERE problem != '';

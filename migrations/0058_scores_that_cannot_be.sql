-- Scores of one answer are the probabilities of its classes, which are 1 together, and those of a regression are quantiles by their level. Either is taken only as that:
-- a sum of 1.8, or a quantile called p10, made every loss of them a number about nothing.

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
    ts < received_at - past, concat('timestamp_out_of_range ts is more than ', formatReadableTimeDelta(past / 1000, 'days'), ' older than its arrival',
      if(JSONType(raw, 'ts') != 'String' AND abs(ts) < 1e11, ': it looks like seconds, send milliseconds', '')),
    ts > received_at + future, concat('timestamp_out_of_range ts is more than ', formatReadableTimeDelta(future / 1000, 'days'), ' ahead of its arrival: check the clock'),
    kind = 2, multiIf(
      isNull(label), 'wrong_type label is not a string, number or boolean',
      task = 'regression' AND isNull(value), 'wrong_type label is not a number: the model is a regression',
      stray, concat('unknown_class label "', substringUTF8(label, 1, 128), told),
      ''),

    -- predictions
    arrayUniq(names) != length(names),
      concat('not_json features.', arrayFirst(n -> arrayCount(m -> m = n, names) > 1, names), ' is given twice: send it once'),
    nested != '', concat('wrong_type features.', nested, ' is an object or an array: send a number, string, boolean or null'),
    not_number != '', concat('wrong_type ', not_number, ' is not a number: do not quote it'),
    means_ok, concat('bad_value status "', substringUTF8(status, 1, 64), '" would count as a failed call: send "ok" for one that was answered, or leave it out'),
    ifNull(latency, 0) < 0, 'bad_value latency_ms is below 0, which no call takes: send milliseconds, or null where they are not known',
    isNull(label) AND JSONType(raw, 'prediction', 'label') != 'Null', 'wrong_type prediction.label is not a string, number or boolean',
    JSONType(raw, 'prediction', 'scores') NOT IN ('Null', 'Object') OR has(score_values, NULL), 'wrong_type prediction.scores is not an object of class: number',
    task != 'regression' AND (ifNull(score, 0) < 0 OR ifNull(score, 0) > 1),
      concat('not_a_probability prediction.score is ', toString(score), ': a score is the probability of the positive class, from 0 to 1'),
    task != 'regression' AND arrayExists(p -> p < 0 OR p > 1, score_values),
      concat('not_a_probability prediction.scores.', arrayFirst((k, p) -> p < 0 OR p > 1, mapKeys(t.prediction.scores), score_values),
             ' is ', toString(arrayFirst(p -> p < 0 OR p > 1, score_values)), ': scores are probabilities, from 0 to 1'),
    task != 'regression' AND together > 1.05,
      concat('not_a_probability prediction.scores add up to ', toString(round(together, 2)), ': they are the probabilities of the classes of one answer, which are 1 together'),
    level != '', concat('bad_value prediction.scores.', substringUTF8(level, 1, 64), ' is no quantile: the scores of a regression are named by their level, a number between 0 and 1, such as "0.1"'),
    absent != '', concat('missing_field prediction.', absent, ' is missing: a ', task, ' model answers ',
      multiIf(task = 'binary', '{"label","score"}', task = 'multiclass', '{"label","scores"}', '{"value"}')),
    stray, concat('unknown_class prediction.label "', substringUTF8(label, 1, 128), told),
    has(mapValues(t.attributions), NULL), 'wrong_type attributions has a value that is not a number',
    '') AS problem
FROM (
  SELECT *,
    arraySum(p -> ifNull(p, 0), score_values) AS together,
    if(task = 'regression', arrayFirst(k -> NOT (toFloat64OrZero(k) > 0 AND toFloat64OrZero(k) < 1), arrayMap(k -> toString(k), mapKeys(t.prediction.scores))), '') AS level,
    if(startsWith(classes, char(1)), substring(classes, 2), '') AS meant,
    classes != '' AND isNotNull(label) AND if(meant != '',
      label != meant AND lowerUTF8(trim(BOTH ' \t\r\n' FROM assumeNotNull(label))) = lowerUTF8(trim(BOTH ' \t\r\n' FROM meant)),
      NOT has(splitByChar('\t', classes), assumeNotNull(label))) AS stray,
    if(meant != '', concat('" is "', meant, '" but for case or blanks, and would count as negative: did you mean "', meant, '"? If both are classes, name them in the model file: classes: […]'),
      concat('" is none of the classes of the model file: ', substringUTF8(replaceAll(classes, '\t', ', '), 1, 1000))) AS told,
    lowerUTF8(trim(BOTH ' \t\r\n' FROM status)) IN ('ok', 'success', 'succeeded', '200') AND status != 'ok' AND kind = 1 AS means_ok,
    NOT means_ok AND NOT (kind = 1 AND ifNull(latency, 0) < 0) AND NOT stray AND size <= 1048576 AND fields = understood AND fields > 0 AND startsWith(raw, '{') AND length(prediction_id) BETWEEN 1 AND 256 AND task != ''
        AND ts BETWEEN received_at - past AND received_at + future AND (type_name = '' OR type_name = if(kind = 2, 'label', 'prediction'))
        AND if(kind = 2, isNotNull(label) AND (task != 'regression' OR isNotNull(value)),
          kind = 1 AND position(raw, '[') = 0 AND notEmpty(names)
          AND if(task = 'regression', isNotNull(value), isNotNull(label) AND if(task = 'binary', isNotNull(score), notEmpty(score_values)))
          AND (task = 'regression' OR (ifNull(score, 0) BETWEEN 0 AND 1 AND NOT arrayExists(p -> p < 0 OR p > 1, score_values) AND together <= 1.05))
          AND level = ''
          AND isNull(t.prediction.label) = isNull(label) AND isNull(t.prediction.score) = isNull(score) AND isNull(t.prediction.value) = isNull(value)
          AND arrayCount(x -> isNotNull(x), numbers) + arrayCount(x -> isNotNull(x), words) + length(nulls) = length(names)
          AND arrayUniq(names) = length(names)
          AND NOT has(score_values, NULL) AND NOT has(mapValues(t.attributions), NULL)) AS good,
    -- each of these names the first field that is wrong in one way; the engine computes them for odd events only
    arrayFirst(f -> JSONType(raw, f) = 'Null',
      if(kind = 2, ['prediction_id', 'model', 'ts', 'label'],
        if(status IN ('', 'ok'), ['prediction_id', 'model', 'ts', 'features', 'prediction'], ['prediction_id', 'model', 'ts']))) AS missing,
    arrayFirst(f -> JSONType(raw, f) NOT IN ('String', 'Null'),
      if(kind = 2, ['prediction_id', 'model', 'source'], ['prediction_id', 'model', 'model_version', 'environment', 'subject', 'status'])) AS not_text,
    arrayFirst(f -> JSONType(raw, f) NOT IN ('Object', 'Null'),
      if(kind = 2, ['tags'], ['features', 'prediction', 'segment', 'protected', 'attributions', 'tags'])) AS not_object,
    multiIf(isNotNull(t.prediction.score) AND isNull(score), 'prediction.score', isNotNull(t.prediction.value) AND isNull(value), 'prediction.value',
            isNull(latency) AND JSONType(raw, 'latency_ms') != 'Null', 'latency_ms', '') AS not_number,
    multiIf(status NOT IN ('', 'ok'), '', task = 'regression', if(isNull(value), 'value', ''), isNull(label), 'label',
            task = 'binary', if(isNull(score), 'score', ''), if(empty(score_values), 'scores', '')) AS absent,
    arrayFirst((n, x, w) -> isNull(x) AND isNull(w) AND NOT has(nulls, n), names, numbers, words) AS nested
  FROM typed_events
);

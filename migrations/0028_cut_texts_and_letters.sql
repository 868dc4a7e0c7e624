-- A text that was cut inside an emoji holds half a surrogate pair (\ud83d), with which the engine cannot read the event: it is read again with
-- U+FFFD in that place, as other readers of JSON do. And what a source leaves behind in refused bytes has a limit: inserts with an odd batch number
-- keep the beginning of their dead letters only.

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
    length_of_sent = 0 AND match(raw, '\\d{20}|\\\\u[dD][89a-fA-F]') AND isValidUTF8(raw) AS odd,
    -- an escape of half a pair by itself becomes U+FFFD; a pair stays, and so does an escaped backslash with anything behind it
    if(odd, arrayStringConcat(arrayMap(
      part -> if(length(part) = 6 AND match(part, '^\\\\u[dD][89a-fA-F]'), '\\ufffd', part),
      extractAll(raw, '\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u[0-9a-fA-F]{4}|\\\\.|[^\\\\]+|\\\\'))), raw) AS whole,
    -- what is quoted stays; of the rest a whole number of 20 digits and more gets a decimal point
    if(odd, arrayStringConcat(arrayMap(
      part -> if(startsWith(part, '"'), part, replaceRegexpAll(
        replaceRegexpAll(part, '(^|[^\\d.eE+])(\\d{20,})', '\\1\\2.0'), '(\\d{20,})\\.0([.eE])', '\\1\\2')),
      extractAll(whole, '"(?:[^"\\\\]|\\\\.)*"|[^"]+|"'))), raw) AS readable
  FROM raw_events
);

ALTER TABLE judged_events_dead {{on_cluster}} MODIFY QUERY
SELECT topic, partition, offset, multiIf(judged_events.kind = 1, 'prediction', judged_events.kind = 2, 'label', '') AS kind, model,
  fromUnixTimestamp64Milli(judged_events.received_at, 'UTC') AS received_at, substringIndex(problem, ' ', 1) AS code,
  concat(substring(problem, length(code) + 2), if(batch % 2 = 1,
    '; the first 256 of its bytes are kept: its source left more behind within the hour than TIDEWATCH_DEAD_LETTER_BYTES_PER_HOUR', '')) AS message,
  if(batch % 2 = 1, substring(sent, 1, 256), sent) AS raw, batch
FROM judged_events
WHERE problem != '';

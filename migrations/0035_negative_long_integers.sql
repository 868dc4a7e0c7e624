-- Whole numbers of any length, below zero too: -2^63 leaves many programs as -9223372036854776000, which has 19 digits and no place in 64 bits.

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
    length_of_sent = 0 AND match(raw, '\\d{20}|-\\d{19}|\\\\u[dD][89a-fA-F]') AND isValidUTF8(raw) AS odd,
    -- an escape of half a pair by itself becomes U+FFFD; a pair stays, and so does an escaped backslash with anything behind it
    if(odd, arrayStringConcat(arrayMap(
      part -> if(length(part) = 6 AND match(part, '^\\\\u[dD][89a-fA-F]'), '\\ufffd', part),
      extractAll(raw, '\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u[0-9a-fA-F]{4}|\\\\.|[^\\\\]+|\\\\'))), raw) AS whole,
    -- what is quoted stays; of the rest a whole number beyond 64 bits gets a decimal point
    if(odd, arrayStringConcat(arrayMap(
      part -> if(startsWith(part, '"'), part, replaceRegexpAll(
        replaceRegexpAll(part, '(^|[^\\d.eE+])(\\d{20,}|-\\d{19,})', '\\1\\2.0'), '(\\d{19,})\\.0([.eE])', '\\1\\2')),
      extractAll(whole, '"(?:[^"\\\\]|\\\\.)*"|[^"]+|"'))), raw) AS readable
  FROM raw_events
);

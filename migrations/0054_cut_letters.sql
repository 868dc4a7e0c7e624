-- Of some refused events only the beginning is kept. Sent again it would be refused for its end, and the true reason would be lost: each says
-- whether it is whole. Rows of before are told by what was done then: odd batches, and events over the limit, were cut.

ALTER TABLE dead_letters {{on_cluster}} ADD COLUMN IF NOT EXISTS is_cut UInt8
  DEFAULT batch % 2 = 1 OR (code = 'too_large' AND length(raw) = 4096) OR endsWith(message, 'TIDEWATCH_DEAD_LETTER_BYTES_PER_HOUR');

ALTER TABLE judged_events_dead {{on_cluster}} MODIFY QUERY
SELECT topic, partition, offset, multiIf(judged_events.kind = 1, 'prediction', judged_events.kind = 2, 'label', '') AS kind, model,
  fromUnixTimestamp64Milli(judged_events.received_at, 'UTC') AS received_at, substringIndex(problem, ' ', 1) AS code,
  concat(substring(problem, length(code) + 2), if(batch % 2 = 1,
    '; the first 256 of its bytes are kept: its source left more behind within the hour than TIDEWATCH_DEAD_LETTER_BYTES_PER_HOUR', '')) AS message,
  if(batch % 2 = 1, substring(sent, 1, 256), sent) AS raw, batch,
  (batch % 2 = 1 AND length(sent) > 256) OR (code = 'too_large' AND length(sent) = 4096) AS is_cut
FROM judged_events
WHERE problem != '';

-- One row an event that was refused, as before. is_cut: 1 where only the beginning of its bytes was kept: it cannot be sent again from here
CREATE OR REPLACE VIEW v_dead_letters {{on_cluster}} AS
SELECT d.received_at AS received_at, d.model AS model, d.kind AS kind, d.code AS code, d.message AS message, d.topic AS topic,
  d.partition AS partition, d.offset AS offset, length(d.raw) AS size, toUnixTimestamp64Milli(d.replayed_at) = 0 AS is_open, d.is_cut AS is_cut
FROM dead_letters AS d FINAL;

import type { Database } from '../../store/database.js';
import type { TopicPartition } from './event-source.js';
import type { OffsetRange } from './offset-ranges.js';

/** Consecutive offsets as one row, so that ten million stored events come back as a handful of ranges. */
const STORED = `
SELECT toString(min(o)) AS first, toString(max(o)) AS last
FROM (
  SELECT o, toInt64(o) - toInt64(row_number() OVER (ORDER BY o)) AS island
  FROM (
    SELECT DISTINCT o FROM (
      SELECT offset AS o FROM predictions
      WHERE topic = {topic:String} AND partition = {partition:UInt16} AND offset >= {from:UInt64}
        AND ingested_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
      UNION ALL
      SELECT offset AS o FROM labels
      WHERE topic = {topic:String} AND partition = {partition:UInt16} AND offset >= {from:UInt64}
        AND ingested_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
      UNION ALL
      SELECT offset AS o FROM dead_letters
      WHERE topic = {topic:String} AND partition = {partition:UInt16} AND offset >= {from:UInt64}
        AND ingested_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    )
  )
)
GROUP BY island
ORDER BY min(o)`;

/**
 * Which offsets at or after `from` are already in a table. A set, not a maximum: one INSERT becomes several parts, and
 * a crash between them leaves holes. Rows stored before `since` (epoch ms) do not count: they belong to an earlier
 * topic of the same name, whose offsets began at zero too.
 */
export async function storedOffsets(
  database: Database,
  { topic, partition }: TopicPartition,
  from: bigint,
  since: number,
): Promise<readonly OffsetRange[]> {
  const rows = await database.query<{ first: string; last: string }>(STORED, {
    params: { topic, partition, from: from.toString(), since },
    // A replica that lags would call stored rows missing.
    settings: { select_sequential_consistency: 1 },
  });
  return rows.map(({ first, last }) => ({ first: BigInt(first), last: BigInt(last) }));
}

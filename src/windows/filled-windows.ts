import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';

interface Span {
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
}

/** The first minute with rows of each of a model's windows that has any, in a stretch of event time, ascending, epoch ms. One query over the summaries of its minutes. */
export async function filledWindows(
  database: Database,
  { key, window }: Model,
  { since, until }: Span,
): Promise<readonly number[]> {
  const rows = await database.query<{ first: number }>(
    `SELECT min(toUnixTimestamp(minute)) AS first FROM performance_1m FINAL
     WHERE model = {model:String} AND predictions > 0 AND minute >= fromUnixTimestamp({since:Int64}) AND minute < fromUnixTimestamp({until:Int64})
     GROUP BY intDiv(toUnixTimestamp(minute), {width:UInt32}) ORDER BY first`,
    {
      params: {
        model: key,
        width: window / 1000,
        since: Math.floor(since / 1000),
        until: Math.ceil(until / 1000),
      },
    },
  );
  return rows.map(({ first }) => first * 1000);
}

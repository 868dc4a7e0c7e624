import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';

interface Span {
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
}

/** Starts of a model's windows with rows in a stretch of event time, ascending, epoch ms. One query over the summaries of its minutes. */
export async function filledWindows(
  database: Database,
  { key, window }: Model,
  { since, until }: Span,
): Promise<readonly number[]> {
  const rows = await database.query<{ start: number }>(
    `SELECT DISTINCT intDiv(toUnixTimestamp(minute), {width:UInt32}) * {width:UInt32} AS start FROM performance_1m FINAL
     WHERE model = {model:String} AND predictions > 0 AND minute >= fromUnixTimestamp({since:Int64}) AND minute < fromUnixTimestamp({until:Int64})
     ORDER BY start`,
    {
      params: {
        model: key,
        width: window / 1000,
        since: Math.floor(since / 1000),
        until: Math.ceil(until / 1000),
      },
    },
  );
  return rows.map(({ start }) => start * 1000);
}

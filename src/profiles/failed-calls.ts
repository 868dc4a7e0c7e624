import { ANSWERED } from '../constraints/answered.js';
import type { RowSource } from '../constraints/row-source.js';
import type { Database } from '../store/database.js';

/** Failed calls of a reference by bucket, an expression over `ts`: they count for its volume, as those of a window do. */
export async function failedCalls(
  database: Database,
  { from, params }: RowSource,
  bucket: string,
): Promise<ReadonlyMap<number, number>> {
  const rows = await database.query<{ start: number; failed: number }>(
    `SELECT ${bucket} AS start, count() AS failed ${from} AND NOT (${ANSWERED}) GROUP BY start`,
    { params, timeoutMs: 120_000 },
  );
  return new Map(rows.map(({ start, failed }) => [start, failed]));
}

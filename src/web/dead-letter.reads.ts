import type { Database } from '../store/database.js';

/** Refused events of one reason and model. Instants are epoch milliseconds. */
export interface RefusalCount {
  readonly code: string;
  readonly model: string;
  readonly open: number;
  readonly total: number;
  readonly newest: number;
}

export async function readRefusalCounts(database: Database, since: Date): Promise<readonly RefusalCount[]> {
  return database.query<RefusalCount>(
    `SELECT code, model, countIf(is_open) AS open, count() AS total, max(toUnixTimestamp64Milli(received_at)) AS newest FROM v_dead_letters
     WHERE received_at >= fromUnixTimestamp64Milli({since:Int64}) GROUP BY code, model ORDER BY open DESC, total DESC, code, model LIMIT 200`,
    { params: { since: since.getTime() } },
  );
}

/** One refused event; its bytes are behind the API and the command line. */
export interface RefusalRow {
  readonly at: number;
  readonly model: string;
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly size: number;
  readonly isOpen: number;
  readonly isCut: number;
}

export async function readRefusals(
  database: Database,
  { since, limit }: { readonly since: Date; readonly limit: number },
): Promise<readonly RefusalRow[]> {
  return database.query<RefusalRow>(
    `SELECT toUnixTimestamp64Milli(received_at) AS at, model, kind, code, message, topic, partition, toString(offset) AS offset, size, is_open AS isOpen, is_cut AS isCut
     FROM v_dead_letters WHERE received_at >= fromUnixTimestamp64Milli({since:Int64})
     ORDER BY received_at DESC, topic, partition, v_dead_letters.offset DESC LIMIT {limit:UInt32}`,
    { params: { since: since.getTime(), limit } },
  );
}

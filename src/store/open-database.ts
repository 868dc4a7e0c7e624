import type { Log } from '../telemetry/log.js';
import { ChdbDatabase } from './chdb.database.js';
import { ClickhouseDatabase } from './clickhouse.database.js';
import type { Database } from './database.js';

export interface DatabaseChoice {
  /** A ClickHouse server; the embedded engine when undefined. */
  readonly url: string | undefined;
  /** Folder of the embedded engine. */
  readonly path: string;
  readonly log: Log;
}

/** The engine that the configuration asks for. */
export async function openDatabase({ url, path, log }: DatabaseChoice): Promise<Database> {
  return url === undefined ? ChdbDatabase.open({ path, log }) : ClickhouseDatabase.open({ url, log });
}

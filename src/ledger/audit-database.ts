import type { Database } from '../store/database.js';
import { readCheckpoint } from './checkpoints.js';
import { type Verification, verifyLog } from './verification.js';

/** What `tidewatch audit verify` says of a database: the log, and up to where a signature stands behind it. */
export interface Audit extends Verification {
  /** Number of entries the newest signed checkpoint covers; null when none was signed. */
  readonly signed: number | null;
}

/** Verifies the stored log against the newest checkpoint of the data directory or the sink, without starting the service. */
export async function auditDatabase(database: Database, directory: string, sink?: string): Promise<Audit> {
  const checkpoint = await readCheckpoint(directory, sink);
  const found = await verifyLog(database, { heads: checkpoint ? [checkpoint.head] : [] });
  return { ...found, signed: checkpoint?.head.size ?? null };
}

import type { Database } from '../store/database.js';
import { readCheckpoint } from './checkpoints.js';
import { entrySeal } from './entry-seal.js';
import { RowTrust } from './row-trust.js';
import { type Verification, verifyLog } from './verification.js';

/** What `tidewatch audit verify` says of a database: the log, and up to where a signature stands behind it. */
export interface Audit extends Verification {
  /** Number of entries the newest signed checkpoint covers; null when none was signed. */
  readonly signed: number | null;
  /** Whether each entry was held against the key of the ledger; else whose rows they are is not known. */
  readonly isAuthenticated: boolean;
}

export interface AuditGround {
  readonly directory: string;
  readonly sink: string | undefined;
  /** The private key of the ledger; null where it is not known. */
  readonly key: string | null;
}

/** Verifies the stored log against the newest checkpoint of the data directory or the sink, without starting the service. */
export async function auditDatabase(
  database: Database,
  { directory, sink, key }: AuditGround,
): Promise<Audit> {
  const checkpoint = await readCheckpoint(directory, sink);
  const signed = checkpoint?.head ?? null;
  const trust = key === null ? null : await RowTrust.find(database, { seal: entrySeal(key), signed });
  const heads = [signed, trust?.head ?? null].filter((one) => one !== null);
  const found = await verifyLog(database, { heads, ...(trust ? { trust } : {}) });
  const problem = found.problem ?? trust?.problem ?? null;
  const about = { signed: signed?.size ?? null, isAuthenticated: trust !== null };
  return { ...found, valid: problem === null, problem, ...about };
}

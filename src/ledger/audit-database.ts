import type { Database } from '../store/database.js';
import { BadCheckpoint, type TreeHead } from './checkpoint.js';
import { readCheckpoint, readVerifierKey, type SignedCheckpoint } from './checkpoints.js';
import { entrySeal } from './entry-seal.js';
import { keptHeads, type KeptHeads } from './kept-checkpoints.js';
import type { ChangesCount } from './recorded-changes.js';
import type { RefusedRow } from './refusals.js';
import { RowTrust } from './row-trust.js';
import { repeatedPlaces } from './stored-entries.js';
import { type Verification, verifyLog } from './verification.js';
import { witnessedUpTo, type Witnessed, type WitnessPolicy } from './witnessed.js';

/** What `tidewatch audit verify` says of a database: the log, and up to where a signature stands behind it. */
export interface Audit extends Verification {
  /** Number of entries the newest signed checkpoint covers; null when none was signed. */
  readonly signed: number | null;
  /** Whether each entry was held against the key of the ledger; else whose rows they are is not known. */
  readonly isAuthenticated: boolean;
  /** Kept checkpoints that the log was held against, and those that its key did not sign. */
  readonly held: number;
  readonly unheld: number;
  /** Up to where witnesses saw it; null where they did not, or nobody asked. */
  readonly witnessed: Witnessed | null;
  /** Rows that somebody else wrote and the service told of; none where there is no key to tell by. */
  readonly refused: readonly RefusedRow[];
  /** Judged windows that the log names as changed in the store. */
  readonly changes: ChangesCount;
  /** Entries that are stored more than once, byte for byte: the log says the same, and somebody may have copied them. */
  readonly repeated: readonly { readonly seq: number; readonly rows: number }[];
}

export interface AuditGround {
  readonly directory: string;
  readonly sink: string | undefined;
  /** The private key of the ledger; null where it is not known. */
  readonly key: string | null;
  /** Checkpoints that somebody kept (signed notes): the log must still begin with each. */
  readonly kept?: readonly string[];
  /** The verifier key that those are held to; left out: the one of the data directory. */
  readonly trustedKey?: string;
  /** Witnesses that have to have seen the log. */
  readonly witnesses?: WitnessPolicy;
}

/**
 * Verifies the stored log against the newest checkpoint of the data directory or the sink, and against those that somebody kept, without starting the service. Throws
 * BadCheckpoint where kept ones cannot be held to any key.
 */
export async function auditDatabase(
  database: Database,
  { directory, sink, key, kept, trustedKey, witnesses }: AuditGround,
): Promise<Audit> {
  const own = await readVerifierKey(directory);
  const held = heldTo(kept ?? [], trustedKey ?? own);
  const checkpoint = await readCheckpoint(directory, sink);
  const signed = checkpoint?.head ?? null;
  const trust = key === null ? null : await RowTrust.find(database, { seal: entrySeal(key), signed });
  const heads = [signed, trust?.head ?? null, ...held.heads].filter((one) => one !== null);
  const { refusals, ...found } = await verifyLog(database, { heads, ...(trust ? { trust } : {}) });
  const problem = wrongKey(own, trustedKey) ?? held.problem ?? found.problem ?? trust?.problem ?? null;
  const about = { signed: signed?.size ?? null, isAuthenticated: trust !== null };
  const { heads: compared, others: unheld } = held;
  const seen = seenBy(checkpoint, heads, { kept, key: trustedKey ?? own, witnesses });
  return {
    ...found,
    valid: problem === null,
    problem,
    ...about,
    held: compared.length,
    unheld,
    witnessed: seen,
    refused: refusals.all,
    repeated: await repeatedPlaces(database),
  };
}

interface Asked {
  readonly kept: readonly string[] | undefined;
  readonly key: string | null;
  readonly witnesses: WitnessPolicy | undefined;
}

/** Up to where witnesses saw the log; null where they did not, or nobody asked. */
function seenBy(
  newest: SignedCheckpoint | null,
  held: readonly TreeHead[],
  { kept = [], key, witnesses }: Asked,
): Witnessed | null {
  if (!witnesses || key === null) return null;
  return witnessedUpTo([...kept, ...(newest ? [newest.note] : [])], { held, key }, witnesses);
}

function wrongKey(own: string | null, trusted: string | undefined): string | null {
  if (trusted === undefined || own === null || own === trusted) return null;
  return `the key of this log is ${own}, and the one you trust is ${trusted}`;
}

function heldTo(kept: readonly string[], key: string | null): KeptHeads & { readonly problem: string | null } {
  if (kept.length === 0) return { heads: [], others: 0, problem: null };
  if (key === null)
    throw new BadCheckpoint('the kept checkpoints cannot be held to any key: there is no ledger-key.pub in the data folder, so name the key with --trusted-key');
  try {
    return { ...keptHeads(kept, key), problem: null };
  } catch (error) {
    if (!(error instanceof BadCheckpoint)) throw error;
    return { heads: [], others: kept.length, problem: error.message };
  }
} // prettier-ignore

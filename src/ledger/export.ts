import type { Database } from '../store/database.js';
import type { ProvingTree } from './log-tree.js';
import type { SignedCheckpoint } from './checkpoints.js';
import { newestSeq, storedPages } from './stored-entries.js';

export const EXPORT_FORMAT = 'tidewatch-ledger-export';

/** First line of an export. Hashes are hex. */
export interface ExportHeader {
  readonly type: 'header';
  readonly format: typeof EXPORT_FORMAT;
  readonly v: 1;
  /** Places of the first and the last entry that follow. */
  readonly first: number;
  readonly last: number;
  /** The C2SP signed note that covers them, and the key that signed it. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  /** RFC 6962 proof that the log of `older` entries, which an auditor has a checkpoint of, is its beginning. */
  readonly consistency: { readonly older: number; readonly proof: readonly string[] } | null;
  /** What the service knows to be wrong with its log; then the entries are as they are stored, without proofs. */
  readonly damage?: string;
}

/** Every further line: the canonical JSON as text, so that its bytes are beyond doubt. `proof` is there when entries are left out. */
export interface ExportLine {
  readonly type: 'entry';
  readonly seq: number;
  readonly entry: string;
  readonly hash: string;
  readonly proof?: readonly string[];
}

export interface ExportSource {
  readonly database: Database;
  readonly tree: Pick<ProvingTree, 'inclusionProof' | 'consistencyProof'>;
  readonly checkpoint: SignedCheckpoint;
  /** What is wrong with the log, when it is not the one that was signed. */
  readonly damage?: string;
}

export interface ExportRange {
  /** Default 1. */
  readonly first?: number;
  /** Default: the last entry the checkpoint covers. */
  readonly last?: number;
  /** Number of entries in a checkpoint the auditor kept. */
  readonly older?: number;
}

/**
 * Evidence that needs neither this service nor a network to be checked: NDJSON lines, each with its line end. A whole log proves itself by its
 * root; of a part, every entry carries its inclusion proof. Throws RangeError when the checkpoint does not cover the range.
 */
export async function* exportLedger(source: ExportSource, range: ExportRange = {}): AsyncGenerator<string> {
  if (source.damage !== undefined) return yield* exportDamaged(source, source.damage, range);
  const { size } = source.checkpoint.head;
  const { first = 1, last = size, older } = range;
  const empty = size === 0 && first === 1 && last === 0;
  if (!empty && !(first >= 1 && first <= last && last <= size)) {
    throw new RangeError(
      `entries ${first} to ${last} cannot be exported: the checkpoint covers 1 to ${size}`,
    );
  }
  const whole = first === 1 && last === size;
  yield line(await header(source, { first, last, ...(older !== undefined && { older }) }));
  for await (const page of storedPages(source.database, { after: first - 1, upTo: last })) {
    for (const { seq, entry, hash } of page) {
      const proof = whole ? undefined : hex(await source.tree.inclusionProof(seq - 1, size));
      yield line({ type: 'entry', seq, entry, hash, ...(proof && { proof }) });
    }
  }
}

/** Everything that is stored in the range, up to the break and behind it: evidence is needed most when a log is broken. */
async function* exportDamaged(
  { database, checkpoint }: ExportSource,
  damage: string,
  { first = 1, last }: ExportRange,
): AsyncGenerator<string> {
  const { note, verifierKey } = checkpoint;
  const upTo = last ?? (await newestSeq(database));
  const rest = { first, last: upTo, checkpoint: note, verifierKey, consistency: null, damage };
  yield line({ type: 'header', format: EXPORT_FORMAT, v: 1, ...rest });
  for await (const page of storedPages(database, { after: first - 1, upTo }))
    for (const { seq, entry, hash } of page) yield line({ type: 'entry', seq, entry, hash });
}

async function header(
  { tree, checkpoint }: ExportSource,
  { first, last, older }: { first: number; last: number; older?: number },
): Promise<ExportHeader> {
  const consistency =
    older === undefined
      ? null
      : { older, proof: hex(await tree.consistencyProof(older, checkpoint.head.size)) };
  const { note, verifierKey } = checkpoint;
  return {
    type: 'header',
    format: EXPORT_FORMAT,
    v: 1,
    first,
    last,
    checkpoint: note,
    verifierKey,
    consistency,
  };
}

function line(value: ExportHeader | ExportLine): string {
  return `${JSON.stringify(value)}\n`;
}

function hex(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('hex'));
}

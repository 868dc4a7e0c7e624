import { CodedError } from '../domain/coded-error.js';
import type { Database } from '../store/database.js';
import type { ProvingTree } from './log-tree.js';
import { storedPages } from './stored-entries.js';

/** An entry's bytes and its way to the root of a log of `size` entries; hashes are hex. */
export interface EntryProof {
  readonly seq: number;
  readonly entry: string;
  readonly hash: string;
  readonly path: readonly string[];
  readonly size: number;
  readonly root: string;
}

/** A place at which there is no entry, or a size the log does not have. */
export class NoSuchPlace extends CodedError {
  override readonly name = 'NoSuchPlace';
  readonly code = 'no_such_entry';
  constructor(
    message: string,
    override readonly field: 'seq' | 'size',
  ) {
    super(message);
  }
}

/** RFC 6962 inclusion proof of entry `seq` (from 1) in the log of the first `size` entries. Throws NoSuchPlace, and LeavesChanged where the store has other hashes. */
export async function proveEntry(
  database: Database,
  tree: Pick<ProvingTree, 'size' | 'rootOf' | 'inclusionProof'>,
  { seq, size }: { readonly seq: number; readonly size: number },
): Promise<EntryProof> {
  if (size < 1 || size > tree.size)
    throw new NoSuchPlace(`the log has 1 to ${tree.size} entries, not ${size}`, 'size');
  if (seq < 1 || seq > size)
    throw new NoSuchPlace(`the log of ${size} entries has places 1 to ${size}, not ${seq}`, 'seq');
  for await (const page of storedPages(database, { after: seq - 1, upTo: seq })) {
    const row = page[0];
    if (!row) break;
    const path = (await tree.inclusionProof(seq - 1, size)).map((hash) => hash.toString('hex'));
    const root = (await tree.rootOf(size)).toString('hex');
    return { seq, entry: row.entry, hash: row.hash, path, size, root };
  }
  throw new NoSuchPlace(
    `entry ${seq} is not in the store any more: \`tidewatch audit verify\` says what is missing`,
    'seq',
  );
}

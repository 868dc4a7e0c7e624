import type { Database } from '../store/database.js';
import type { TreeHead } from './checkpoint.js';
import type { LedgerSnapshot, RefusedSnapshot } from './ledger-snapshot.js';
import { MerkleTree } from './merkle-tree.js';
import type { FoundRight } from './repeated-verification.js';
import { hiddenRows } from './stored-entries.js';
import { rowsUpTo, storedLeaves } from './stored-leaves.js';

const HASH = 32;
const NOTHING_YET = { digests: [], digested: 1 };

/** The beginning of a log that a start need not read in full; what follows, up to the signed root and on, it reads. */
export interface Beginning {
  /** Entries: whole blocks of the tree. */
  readonly size: number;
  readonly blocks: Buffer;
  /** The chain over what is folded of it; null where every such entry is compared with its recorded hash instead. */
  readonly folded: Buffer | null;
  /** The recorded hash of a place within it; null where the chain says that all are there. */
  readonly leafAt: ((seq: number) => Buffer) | null;
  readonly right: FoundRight;
}

export interface QuickStartOrder {
  /** The newest signed checkpoint. */
  readonly head: TreeHead;
  /** Entries at the end that are read whatever they are. */
  readonly recent: number;
  readonly recentOnly: readonly string[];
  /** Leaves of a block of the tree. */
  readonly width: number;
}

/** The beginning that a snapshot tells of, and why not where it is of no use for this log. */
export async function beginningBySnapshot(
  database: Database,
  found: LedgerSnapshot | RefusedSnapshot | null,
  { head, recentOnly, width }: QuickStartOrder,
): Promise<Beginning | RefusedSnapshot | null> {
  if (found === null || 'why' in found) return found;
  const { size, blocks, folded, digests, digested } = found;
  if (found.width !== width || [...found.recentOnly].sort().join(' ') !== [...recentOnly].sort().join(' '))
    return { why: 'it is of another version of this service' };
  if (size % width !== 0 || blocks.length !== (size / width) * HASH) return { why: 'it is not whole' };
  if (head.size < size)
    return { why: `it is of ${size} entries, and the newest checkpoint that is there of ${head.size}` };
  if ((await rowsUpTo(database, size)) < size) return { why: `some of the first ${size} entries are gone` };
  return { size, blocks, folded, leafAt: null, right: { digests, digested } };
}

/**
 * The beginning by the recorded hash of every place; null where one is empty or has two entries, an entry's column says another action than its bytes, or the log is
 * too short.
 */
export async function beginningByLeaves(
  database: Database,
  { head, recent, recentOnly, width }: QuickStartOrder,
): Promise<Beginning | null> {
  const size = wholeBlocks(head.size - recent, width);
  const leaves = size > 0 ? await storedLeaves(database, size) : null;
  if (leaves === null || (await hiddenRows(database, { upTo: size, recentOnly })) > 0) return null;
  const blocks = Buffer.alloc((size / width) * HASH);
  for (let block = 0; block * width < size; block++) {
    const tree = new MerkleTree();
    tree.fill(leaves.subarray(block * width * HASH, (block + 1) * width * HASH));
    blocks.set(tree.root(), block * HASH);
  }
  const leafAt = (seq: number) => leaves.subarray((seq - 1) * HASH, seq * HASH);
  return { size, blocks, folded: null, leafAt, right: NOTHING_YET };
}

/** As many entries as whole blocks have, at the most `entries`. */
export function wholeBlocks(entries: number, width: number): number {
  return Math.max(0, Math.floor(entries / width)) * width;
}

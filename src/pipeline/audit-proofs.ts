import { claimedSize } from '../ledger/checkpoint.js';
import { headOf, type Checkpoints } from '../ledger/checkpoints.js';
import type { Ledger } from '../ledger/ledger.js';
import { proveEntry, type EntryProof } from '../ledger/prove-entry.js';
import type { Database } from '../store/database.js';

/** A signed checkpoint of the log, as it is shown. */
export interface ShownCheckpoint {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  readonly note: string;
  readonly verifierKey: string;
  /** Null where it was signed for whoever asks. */
  readonly publishedAt: Date | null;
}

/** An entry with its way to a root, and the checkpoint that says this root; null where none was signed for exactly that size. */
export interface ProvedEntry extends EntryProof {
  readonly checkpoint: ShownCheckpoint | null;
}

/** Proofs of single entries, and the signed checkpoints they lead to. */
export class AuditProofs {
  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly checkpoints: Checkpoints,
  ) {}

  /** That entry `seq` (from 1) stands in the log of the first `size` entries; without a size, of all. Throws NoSuchPlace, LeavesChanged and InconsistentLog. */
  async of(seq: number, size?: number): Promise<ProvedEntry> {
    const { database, ledger, checkpoints } = this;
    await ledger.refresh();
    const newest = await checkpoints.sign(ledger.tree);
    const proof = await proveEntry(database, ledger.tree, { seq, size: size ?? newest.head.size });
    const fresh: ShownCheckpoint = { ...newest, ...newest.head, publishedAt: null };
    const [published] = this.published(proof.size);
    return { ...proof, checkpoint: published ?? (fresh.size === proof.size ? fresh : null) };
  }

  /** Newest first, opened one by one. A copy that the key did not sign (the key was changed since) is none of this log's checkpoints. */
  *published(wanted?: number): Generator<ShownCheckpoint> {
    const { history, verifierKey } = this.checkpoints;
    for (const { at, note } of history.all.toReversed()) {
      if (wanted !== undefined && claimedSize(note) !== wanted) continue;
      const head = headOf(note, verifierKey);
      if (head) yield { ...head, note, verifierKey, publishedAt: new Date(at) };
    }
  }
}

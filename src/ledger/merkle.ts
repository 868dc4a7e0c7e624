import { createHash } from 'node:crypto';

const LEAF = Buffer.from([0x00]);
const NODE = Buffer.from([0x01]);

/** RFC 6962 section 2.1: SHA-256(0x00 ‖ data), 32 bytes. */
export function leafHash(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(data).digest();
}

/** RFC 6962 section 2.1: SHA-256(0x01 ‖ left ‖ right), 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return createHash('sha256').digest();
}

/** A growing Merkle tree that keeps only what its root needs: one hash for every set bit of its size. */
export class CompactRange {
  #size = 0;
  /** Roots of the perfect subtrees, the largest (leftmost) first. */
  readonly #peaks: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  /** Adds one leaf by its hash. */
  append(leaf: Buffer): void {
    let merged = leaf;
    // As in binary addition: every trailing one of the size is a subtree as large as the new one.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      merged = nodeHash(this.#peaks.pop() ?? emptyRoot(), merged);
    }
    this.#peaks.push(merged);
    this.#size++;
  }

  /** The RFC 6962 tree hash of all leaves so far. */
  root(): Buffer {
    return (
      this.#peaks.reduceRight<Buffer | null>((right, left) => (right ? nodeHash(left, right) : left), null) ??
      emptyRoot()
    );
  }
}

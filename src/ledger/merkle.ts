import { hash } from 'node:crypto';

// One-shot hashing: a million Hash objects would cost twice the hashing itself.
const LEAF = '\0';
const NODE = Buffer.alloc(65, 0x01);

/** RFC 6962 section 2.1: SHA-256(0x00 ‖ data), 32 bytes. Text is taken as UTF-8. */
export function leafHash(data: string | Uint8Array): Buffer {
  return hash(
    'sha256',
    typeof data === 'string' ? LEAF + data : Buffer.concat([Buffer.from(LEAF), data]),
    'buffer',
  );
}

/** RFC 6962 section 2.1: SHA-256(0x01 ‖ left ‖ right), 32 bytes each. Throws RangeError for other lengths. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== 32 || right.length !== 32) throw new RangeError('a node joins two hashes of 32 bytes');
  NODE.set(left, 1);
  NODE.set(right, 33);
  return hash('sha256', NODE, 'buffer');
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return hash('sha256', '', 'buffer');
}

/** A growing Merkle tree that keeps only what its root needs: one hash for every set bit of its size. */
export class CompactRange {
  #size = 0;
  /** Roots of the perfect subtrees, the largest (leftmost) first. */
  readonly #peaks: Buffer[] = [];

  /** The range of `size` leaves by the roots of its perfect subtrees, the largest first. */
  static of(size: number, peaks: readonly Buffer[]): CompactRange {
    const range = new CompactRange();
    range.#size = size;
    range.#peaks.push(...peaks);
    return range;
  }

  get size(): number {
    return this.#size;
  }

  /** The same range, to be continued apart. */
  copy(): CompactRange {
    return CompactRange.of(this.#size, this.#peaks);
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

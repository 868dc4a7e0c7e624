import { emptyRoot, nodeHash } from './merkle.js';

const HASH = 32;

/** A growing Merkle tree that keeps every complete node (64 bytes a leaf), so that roots of the past and proofs cost O(log n). */
export class MerkleTree {
  /** `#levels[k]` holds the roots of all complete subtrees of 2^k leaves, side by side. */
  readonly #levels: Hashes[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds one leaf by its hash. */
  append(leaf: Uint8Array): void {
    let hash = leaf;
    for (let level = 0; ; level++) {
      const row = (this.#levels[level] ??= new Hashes());
      row.push(hash);
      if (row.count % 2 === 1) break;
      hash = nodeHash(row.at(row.count - 2), row.at(row.count - 1));
    }
    this.#size++;
  }

  /** Forgets all leaves. */
  clear(): void {
    this.#levels.length = 0;
    this.#size = 0;
  }

  /** Begins anew with many leaves at once, 32 bytes each: several times faster than one by one. */
  fill(leaves: Buffer): void {
    this.clear();
    this.#size = leaves.length / HASH;
    for (let level = leaves; level.length > 0; level = parentsOf(level)) this.#levels.push(Hashes.of(level));
  }

  /** The hash of a leaf, from 0. Throws RangeError beyond the tree. */
  leaf(index: number): Buffer {
    this.#demand(index, this.#size - 1, 'index');
    return this.#node(0, index);
  }

  /** The tree hash of the first `size` leaves (all, when left out). Throws RangeError beyond the tree. */
  root(size = this.#size): Buffer {
    this.#demand(size, this.#size, 'size');
    return size === 0 ? emptyRoot() : this.#hash(0, size);
  }

  /** RFC 6962 section 2.1.1: the audit path of leaf `index` (from 0) in the tree of `size` leaves, leaf to root. */
  inclusionProof(index: number, size = this.#size): Buffer[] {
    this.#demand(size, this.#size, 'size');
    this.#demand(index, size - 1, 'index');
    const path: Buffer[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + split(to - from);
      path.push(index < middle ? this.#hash(middle, to) : this.#hash(from, middle));
      [from, to] = index < middle ? [from, middle] : [middle, to];
    }
    return path.reverse();
  }

  /** RFC 6962 section 2.1.2: that the tree of `older` leaves is a prefix of the tree of `newer` ones; empty when older is 0 or newer. */
  consistencyProof(older: number, newer = this.#size): Buffer[] {
    this.#demand(newer, this.#size, 'newer');
    this.#demand(older, newer, 'older');
    if (older === 0 || older === newer) return [];
    const path: Buffer[] = [];
    let [from, to, whole] = [0, newer, true];
    while (older !== to) {
      const middle = from + split(to - from);
      if (older <= middle) {
        path.push(this.#hash(middle, to));
        to = middle;
      } else {
        path.push(this.#hash(from, middle));
        [from, whole] = [middle, false];
      }
    }
    // The older root is known to the verifier when the walk ended on it; otherwise the subtree's hash comes first.
    if (!whole) path.push(this.#hash(from, to));
    return path.reverse();
  }

  #hash(from: number, to: number): Buffer {
    const width = to - from;
    const level = Math.log2(width);
    if (Number.isInteger(level) && from % width === 0) return this.#node(level, from / width);
    const middle = from + split(width);
    return nodeHash(this.#hash(from, middle), this.#hash(middle, to));
  }

  #node(level: number, index: number): Buffer {
    const row = this.#levels[level];
    if (!row) throw new RangeError(`the tree has no level ${level}`);
    return row.at(index);
  }

  #demand(value: number, max: number, name: string): void {
    if (Number.isInteger(value) && value >= 0 && value <= max) return;
    throw new RangeError(`${name} is ${value}; the tree allows whole numbers from 0 to ${max}`);
  }
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The roots of the pairs in a row of hashes; a last one without a neighbour has none yet. */
function parentsOf(row: Buffer): Buffer {
  const parents = Buffer.alloc(Math.floor(row.length / (2 * HASH)) * HASH);
  for (let at = 0; at < parents.length; at += HASH)
    parents.set(
      nodeHash(row.subarray(2 * at, 2 * at + HASH), row.subarray(2 * at + HASH, 2 * at + 2 * HASH)),
      at,
    );
  return parents;
}

/** 32-byte hashes in one growing buffer: a million of them are two allocations, not a million objects. */
class Hashes {
  #bytes = Buffer.alloc(HASH * 4);
  count = 0;

  static of(bytes: Buffer): Hashes {
    const hashes = new Hashes();
    hashes.#bytes = Buffer.from(bytes);
    hashes.count = bytes.length / HASH;
    return hashes;
  }

  push(hash: Uint8Array): void {
    if (this.count * HASH === this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    this.#bytes.set(hash, this.count * HASH);
    this.count++;
  }

  /** A copy: the buffer moves when it grows. */
  at(index: number): Buffer {
    return Buffer.from(this.#bytes.subarray(index * HASH, (index + 1) * HASH));
  }
}

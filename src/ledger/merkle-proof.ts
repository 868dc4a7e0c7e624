import { emptyRoot, nodeHash } from './merkle.js';

export interface Inclusion {
  readonly leaf: Buffer;
  /** Place of the leaf, from 0. */
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Buffer[];
  readonly root: Buffer;
}

/** Whether the leaf stands at `index` in the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion({ leaf, index, size, proof, root }: Inclusion): boolean {
  if (!isRange(index, size - 1) || !areHashes([leaf, root, ...proof])) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash.equals(root);
}

export interface Consistency {
  readonly older: number;
  readonly olderRoot: Buffer;
  readonly newer: number;
  readonly newerRoot: Buffer;
  readonly proof: readonly Buffer[];
}

/** Whether the newer tree begins with the older one (RFC 9162 section 2.1.4.2): nothing that was signed then is changed now. */
export function verifyConsistency({ older, olderRoot, newer, newerRoot, proof }: Consistency): boolean {
  if (!isRange(older, newer) || !areHashes([olderRoot, newerRoot, ...proof])) return false;
  if (older === newer) return proof.length === 0 && olderRoot.equals(newerRoot);
  if (older === 0) return proof.length === 0 && olderRoot.equals(emptyRoot());
  const path = isPowerOfTwo(older) ? [olderRoot, ...proof] : [...proof];
  let [node, last] = [older - 1, newer - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  const first = path.shift();
  if (!first) return false;
  let [before, after] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      after = nodeHash(after, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && before.equals(olderRoot) && after.equals(newerRoot);
}

function isRange(from: number, to: number): boolean {
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to;
}

function areHashes(values: readonly Buffer[]): boolean {
  return values.every((value) => value.length === 32);
}

// Not a shift: sizes may pass 2³¹.
function half(n: number): number {
  return Math.floor(n / 2);
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}

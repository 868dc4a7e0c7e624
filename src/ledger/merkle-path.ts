import { nodeHash } from './merkle.js';

/** The root of the complete subtree of 2^level leaves that is the `index`-th (from 0) of its size. */
export type NodeOf = (level: number, index: number) => Buffer;

/** RFC 6962 section 2.1: the tree hash of leaves `from` up to `to` (exclusive), `from` being where a subtree begins. */
export function rangeHash(node: NodeOf, from: number, to: number): Buffer {
  const width = to - from;
  const level = Math.log2(width);
  if (Number.isInteger(level) && from % width === 0) return node(level, from / width);
  const middle = from + split(width);
  return nodeHash(rangeHash(node, from, middle), rangeHash(node, middle, to));
}

/** RFC 6962 section 2.1.1: the audit path of leaf `index` (from 0) in the tree of `size` leaves, leaf to root. */
export function inclusionPath(node: NodeOf, index: number, size: number): Buffer[] {
  const path: Buffer[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    path.push(index < middle ? rangeHash(node, middle, to) : rangeHash(node, from, middle));
    [from, to] = index < middle ? [from, middle] : [middle, to];
  }
  return path.reverse();
}

/** RFC 6962 section 2.1.2: that the tree of `older` leaves is a prefix of the tree of `newer` ones; empty when older is 0 or newer. */
export function consistencyPath(node: NodeOf, older: number, newer: number): Buffer[] {
  if (older === 0 || older === newer) return [];
  const path: Buffer[] = [];
  let [from, to, whole] = [0, newer, true];
  while (older !== to) {
    const middle = from + split(to - from);
    if (older <= middle) {
      path.push(rangeHash(node, middle, to));
      to = middle;
    } else {
      path.push(rangeHash(node, from, middle));
      [from, whole] = [middle, false];
    }
  }
  // The older root is known to the verifier when the walk ended on it; otherwise the subtree's hash comes first.
  if (!whole) path.push(rangeHash(node, from, to));
  return path.reverse();
}

/** Throws RangeError for what is no whole number from 0 to `max`. */
export function demandWithin(value: number, max: number, name: string): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new RangeError(`${name} is ${value}; the tree allows whole numbers from 0 to ${max}`);
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

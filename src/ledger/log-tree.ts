import { CodedError } from '../domain/coded-error.js';
import { emptyRoot, nodeHash } from './merkle.js';
import { consistencyPath, demandWithin, inclusionPath, type NodeOf, rangeHash } from './merkle-path.js';
import { MerkleTree } from './merkle-tree.js';

/** Leaves of which one hash is kept in memory: a power of two, so that every block is a complete subtree. */
export const LEAVES_OF_BLOCK = 4096;
/** Blocks of which every node is at hand: 8 MB. */
const NEAR = 32;
const HASH = 32;

/** What is stored at places of the log is not what the tree was made of: they were changed since. */
export class LeavesChanged extends CodedError {
  override readonly name = 'LeavesChanged';
  readonly code = 'ledger_damaged';
}

export interface LogTreeOptions {
  /** The recorded leaf hashes behind `after` up to `upTo` (places, from 1), 32 bytes each; null where a place is empty or has two entries. */
  readonly leavesOf: (after: number, upTo: number) => Promise<Buffer | null>;
  /** Told when they do not give the hash that the tree has of them. */
  readonly changed?: (problem: string) => void;
  /** Default `LEAVES_OF_BLOCK`. */
  readonly width?: number;
}

/** What is asked of the tree of a log, in which leaf i stands at place i + 1. */
export type ProvingTree = Pick<LogTree, 'size' | 'root' | 'rootOf' | 'inclusionProof' | 'consistencyProof'>;

/**
 * The Merkle tree of a log that may have many millions of leaves: one hash a block is in memory, with all above it, and the nodes of the newest blocks. What a
 * proof needs of an older block is made of its recorded leaf hashes, which have to give the hash of the block.
 */
export class LogTree {
  readonly #blocks = new MerkleTree();
  #open = new MerkleTree();
  /** Blocks whose nodes are at hand, the last used last. */
  readonly #near = new Map<number, MerkleTree>();
  readonly #width: number;
  readonly #height: number;

  constructor(private readonly options: LogTreeOptions) {
    this.#width = options.width ?? LEAVES_OF_BLOCK;
    this.#height = Math.log2(this.#width);
    if (!Number.isInteger(this.#height)) throw new RangeError('the leaves of a block are a power of two');
  }

  get size(): number {
    return this.#blocks.size * this.#width + this.#open.size;
  }

  /** Leaves of a block. */
  get width(): number {
    return this.#width;
  }

  /** Adds one leaf by its hash. */
  append(leaf: Uint8Array): void {
    this.#open.append(leaf);
    if (this.#open.size < this.#width) return;
    this.#keep(this.#blocks.size, this.#open);
    this.#blocks.append(this.#open.root());
    this.#open = new MerkleTree();
  }

  /** Begins anew behind whole blocks, by the hash of each, 32 bytes. */
  begin(blocks: Buffer = Buffer.alloc(0)): void {
    this.#blocks.fill(blocks);
    this.#open = new MerkleTree();
    this.#near.clear();
  }

  /** The hashes of the first `count` blocks, 32 bytes each. Throws RangeError for blocks that are not there. */
  blocks(count: number): Buffer {
    demandWithin(count, this.#blocks.size, 'count');
    return Buffer.concat(Array.from({ length: count }, (_, index) => this.#blocks.leaf(index)));
  }

  /** Roots of the complete subtrees that the first `count` blocks are made of, the largest first. */
  peaks(count: number): readonly Buffer[] {
    demandWithin(count, this.#blocks.size, 'count');
    const found: Buffer[] = [];
    for (let [from, level] = [0, 31]; level >= 0; level--) {
      if (count - from < 2 ** level) continue;
      found.push(this.#blocks.node(level, from / 2 ** level));
      from += 2 ** level;
    }
    return found;
  }

  /** The tree hash of all leaves. */
  root(): Buffer {
    const peaks = this.peaks(this.#blocks.size);
    const last = this.#open.size > 0 ? this.#open.root() : null;
    return peaks.reduceRight((right, left) => (right ? nodeHash(left, right) : left), last) ?? emptyRoot();
  }

  /** The tree hash of the first `size` leaves. Throws RangeError beyond the tree, and LeavesChanged. */
  async rootOf(size: number): Promise<Buffer> {
    demandWithin(size, this.size, 'size');
    if (size === this.size) return this.root();
    return size === 0 ? emptyRoot() : rangeHash(await this.#nodes(size - 1), 0, size);
  }

  /** The audit path of leaf `index` (from 0) in the tree of `size` leaves (`inclusionPath`). Throws RangeError beyond the tree, and LeavesChanged. */
  async inclusionProof(index: number, size = this.size): Promise<Buffer[]> {
    demandWithin(size, this.size, 'size');
    demandWithin(index, size - 1, 'index');
    return inclusionPath(await this.#nodes(index, size - 1), index, size);
  }

  /** That the tree of `older` leaves is a prefix of the tree of `newer` ones (`consistencyPath`). Throws RangeError beyond the tree, and LeavesChanged. */
  async consistencyProof(older: number, newer = this.size): Promise<Buffer[]> {
    demandWithin(newer, this.size, 'newer');
    demandWithin(older, newer, 'older');
    if (older === 0 || older === newer) return [];
    return consistencyPath(await this.#nodes(older - 1, newer - 1), older, newer);
  }

  /** Every node that a walk to some leaves meets: those of their blocks, and those above. */
  async #nodes(...leaves: readonly number[]): Promise<NodeOf> {
    const [blocks, height, below] = [this.#blocks, this.#height, new Map<number, MerkleTree>()];
    for (const leaf of leaves) {
      const block = Math.floor(leaf / this.#width);
      below.set(block, await this.#block(block));
    }
    return (level, index) => {
      if (level >= height) return blocks.node(level - height, index);
      const first = index * 2 ** level;
      const tree = below.get(Math.floor(first / this.#width));
      if (!tree) throw new RangeError(`no node ${index} at level ${level} was asked for`);
      return tree.node(level, (first % this.#width) / 2 ** level);
    };
  }

  async #block(block: number): Promise<MerkleTree> {
    if (block === this.#blocks.size) return this.#open;
    const near = this.#near.get(block) ?? (await this.#read(block));
    this.#keep(block, near);
    return near;
  }

  async #read(block: number): Promise<MerkleTree> {
    const [after, upTo] = [block * this.#width, (block + 1) * this.#width];
    const leaves = await this.options.leavesOf(after, upTo);
    const tree = new MerkleTree();
    if (leaves?.length === this.#width * HASH) tree.fill(leaves);
    if (tree.size > 0 && tree.root().equals(this.#blocks.leaf(block))) return tree;
    const problem = `the stored hashes of entries ${after + 1} to ${upTo} are not those that the log was signed with: entries were changed, removed or added`;
    this.options.changed?.(problem);
    throw new LeavesChanged(`${problem}; tidewatch audit verify names the first`);
  }

  #keep(block: number, tree: MerkleTree): void {
    this.#near.delete(block);
    this.#near.set(block, tree);
    const [oldest] = this.#near.keys();
    if (oldest !== undefined && this.#near.size > NEAR) this.#near.delete(oldest);
  }
}

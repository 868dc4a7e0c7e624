import { createHash } from 'node:crypto';

const HASH = 32;

/**
 * Which entries states are folded from, as one hash for every block of the log: a chain over the leaf hashes of those whose action is not among `recentOnly`. Two
 * readings of one value have met the same entries in the same order, so none was hidden from the second.
 */
export class FoldedChain {
  #value = Buffer.alloc(HASH);
  /** The chain at the end of each whole block. */
  #ends: Buffer[] = [];
  /** Blocks before the first of `#ends`. */
  #skipped = 0;
  readonly #recentOnly: ReadonlySet<string>;

  constructor(recentOnly: readonly string[]) {
    this.#recentOnly = new Set(recentOnly);
  }

  /** Forgets everything. */
  clear(): void {
    [this.#value, this.#ends, this.#skipped] = [Buffer.alloc(HASH), [], 0];
  }

  /** Whether entries of an action are folded whatever their age. */
  isFolded(action: string): boolean {
    return !this.#recentOnly.has(action);
  }

  /** Takes in an entry; one that says nothing readable counts as one that is folded. */
  add(action: string | null, leaf: Buffer): void {
    if (action !== null && !this.isFolded(action)) return;
    this.#value = createHash('sha256').update(this.#value).update(leaf).digest();
  }

  /** A block ended here. */
  endBlock(): void {
    this.#ends.push(this.#value);
  }

  /** The first `blocks` blocks ended here, and what was within them is not asked for. */
  skipTo(blocks: number): void {
    [this.#ends, this.#skipped] = [[this.#value], blocks - 1];
  }

  /** The chain at the end of the first `blocks` blocks; null where it is not known. */
  at(blocks: number): Buffer | null {
    return this.#ends[blocks - 1 - this.#skipped] ?? null;
  }
}

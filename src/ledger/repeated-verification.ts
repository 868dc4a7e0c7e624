import type { Database } from '../store/database.js';
import type { TreeHead } from './checkpoint.js';
import type { LogTree, ProvingTree } from './log-tree.js';
import { CompactRange } from './merkle.js';
import type { RowTrust } from './row-trust.js';
import { BLOCK, digestOf } from './stored-leaves.js';
import { rowsBeforeFirst, storedPages } from './stored-entries.js';
import { LogCheck, type Verification } from './verification.js';

/** What was found right: a digest of every stored byte, block by block. */
export interface FoundRight {
  readonly digests: readonly string[];
  /** Entries of a block. */
  readonly digested: number;
}

/** How much of what was there at the start has been looked at since, byte by byte. */
export interface Checking {
  readonly checked: number;
  readonly of: number;
}

interface Right {
  readonly digests: readonly string[];
  /** The log up to the end of the last of these blocks. */
  readonly range: CompactRange;
}

const NOTHING: Right = { digests: [], range: new CompactRange() };
/** Rows that are looked at before others have their turn. */
const ROWS = 2_000;

export interface VerifyOrder {
  readonly heads: readonly TreeHead[];
  readonly upTo: number;
  /** The tree in memory, which the log was found to agree with. */
  readonly tree: Pick<ProvingTree, 'rootOf'>;
  /** Which rows are the service's. */
  readonly trust?: RowTrust;
}

/**
 * Verifies a log again and again at the cost of what is new. Of what was found right before, the engine computes a digest of every stored byte;
 * while that is the same, it is right still. Where it is not, everything is looked at, and the first thing that is wrong is named.
 */
export class RepeatedVerification {
  #right = NOTHING;

  /** `block` is how many entries are digested together. */
  constructor(
    private readonly database: Database,
    private readonly block = BLOCK,
  ) {}

  /** What was found right so far, for whoever starts anew. */
  get foundRight(): FoundRight {
    return { digests: this.#right.digests, digested: this.block };
  }

  /** Goes on from what an earlier process found right of the log of this tree. */
  goOnFrom({ digests, digested }: FoundRight, tree: Pick<LogTree, 'width' | 'size' | 'peaks'>): void {
    const size = digests.length * digested;
    if (digested !== this.block || digested % tree.width !== 0 || size > tree.size) return;
    this.#right = { digests, range: CompactRange.of(size, tree.peaks(size / tree.width)) };
  }

  /** A verification in steps: each says up to which place the log was found right so far. */
  async *steps(order: VerifyOrder): AsyncGenerator<number, Verification, void> {
    const [begun, digests] = yield* this.#known(order);
    const check = new LogCheck(
      order.heads.filter(({ size }) => size > begun.range.size),
      order.trust,
      begun.range,
    );
    let range = check.range;
    const rest = { after: begun.range.size, upTo: order.upTo, rows: ROWS };
    for await (const page of storedPages(this.database, rest)) {
      for (const row of page) {
        check.add(row);
        if (check.size % this.block === 0) range = check.range;
      }
      yield check.size;
    }
    const found = check.finish(await rowsBeforeFirst(this.database));
    // The digests are older than the look at the rows: what was changed between the two shows next time.
    this.#right = found.valid ? { digests: digests.slice(0, range.size / this.block), range } : NOTHING;
    return found;
  }

  /** What was found right before, if it is right still, and the digests of all whole blocks. */
  async *#known(order: VerifyOrder): AsyncGenerator<number, readonly [Right, readonly string[]], void> {
    const { block } = this;
    const right = (await agrees(this.#right, order)) ? this.#right : NOTHING;
    const digests: string[] = [];
    let isSame = true;
    for (let after = 0; after + block <= order.upTo; after += block) {
      const digest = await digestOf(this.database, after, after + block);
      digests.push(digest);
      const before = right.digests[digests.length - 1];
      isSame &&= before === undefined || before === digest;
      yield isSame && before !== undefined ? after + block : 0;
    }
    return [isSame && digests.length >= right.digests.length ? right : NOTHING, digests];
  }
}

/** Whether the heads within what was found right are of the same log; the tree in memory is, as far as it was compared. */
async function agrees({ range }: Right, { heads, tree }: VerifyOrder): Promise<boolean> {
  for (const { size, root } of heads)
    if (size <= range.size && (await tree.rootOf(size)).toString('hex') !== root) return false;
  return true;
}

/** What a work in steps comes to in the end. */
export async function lastOf<Value>(steps: AsyncGenerator<unknown, Value, void>): Promise<Value> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

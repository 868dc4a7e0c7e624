import type { Database } from '../store/database.js';
import type { TreeHead } from './checkpoint.js';
import { CompactRange } from './merkle.js';
import type { MerkleTree } from './merkle-tree.js';
import type { RowTrust } from './row-trust.js';
import { BLOCK, blockDigests } from './stored-leaves.js';
import { rowsBeforeFirst, storedPages } from './stored-entries.js';
import { LogCheck, type Verification } from './verification.js';

interface FoundRight {
  readonly digests: readonly string[];
  /** The log up to the end of the last of these blocks. */
  readonly range: CompactRange;
}

const NOTHING: FoundRight = { digests: [], range: new CompactRange() };

export interface VerifyOrder {
  readonly heads: readonly TreeHead[];
  readonly upTo: number;
  /** The tree in memory, which the log was found to agree with. */
  readonly tree: Pick<MerkleTree, 'root'>;
  /** Which rows are the service's. */
  readonly trust?: RowTrust;
}

/**
 * Verifies a log again and again at the cost of what is new. Of what was found right before, the engine computes a digest of every stored byte;
 * while that is the same, it is right still. Where it is not, everything is looked at, and the first thing that is wrong is named.
 */
export class RepeatedVerification {
  private right = NOTHING;

  /** `block` is how many entries are digested together. */
  constructor(
    private readonly database: Database,
    private readonly block = BLOCK,
  ) {}

  async verify(order: VerifyOrder): Promise<Verification> {
    const digests = await blockDigests(this.database, order.upTo, this.block);
    const { right } = this;
    const isSame = right.digests.every((digest, i) => digest === digests[i]) && agrees(right, order);
    const begun = isSame ? right : NOTHING;
    const check = new LogCheck(
      order.heads.filter(({ size }) => size > begun.range.size),
      order.trust,
      begun.range,
    );
    const range = await this.takeIn(check, begun.range.size, order.upTo);
    const found = check.finish(await rowsBeforeFirst(this.database));
    // The digests are older than the look at the rows: what was changed between the two shows next time.
    this.right = found.valid ? { digests: digests.slice(0, range.size / this.block), range } : NOTHING;
    return found;
  }

  /** Takes in the rows of a stretch; the range at the end of the last whole block of it. */
  private async takeIn(check: LogCheck, after: number, upTo: number): Promise<CompactRange> {
    let range = check.range;
    for await (const page of storedPages(this.database, { after, upTo }))
      for (const row of page) {
        check.add(row);
        if (check.size % this.block === 0) range = check.range;
      }
    return range;
  }
}

/** Whether the heads within what was found right are of the same log; the tree in memory is, as far as it was compared. */
function agrees({ range }: FoundRight, { heads, tree }: VerifyOrder): boolean {
  return heads.every(({ size, root }) => size > range.size || tree.root(size).toString('hex') === root);
}

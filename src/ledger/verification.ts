import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Database } from '../store/database.js';
import type { TreeHead } from './checkpoint.js';
import { EntryOrder } from './entry-order.js';
import { type BareRow, inspectRowFully } from './inspect-row.js';
import { CompactRange } from './merkle.js';
import { RecordedChanges, type ChangesCount } from './recorded-changes.js';
import { refusalIn, Refusals } from './refusals.js';
import type { RowTrust } from './row-trust.js';
import { newestSeq, rowsBeforeFirst, storedPages, type StoredRow } from './stored-entries.js';

/** What a reading of the whole log found; `root` is computed from the stored bytes, `problem` is the first thing that is wrong. */
export interface Verification {
  readonly valid: boolean;
  readonly entries: number;
  readonly root: string;
  readonly problem: string | null;
}

/**
 * Recomputes everything from the stored bytes, in pages: places without gaps, canonical form, leaf hashes, query columns, root, and that the
 * log still begins with every head in `heads` (the newest signed checkpoint, or the one an auditor kept: what finds a cut end or a log
 * rewritten as a whole). Reads up to `upTo`, so others may append meanwhile. `refusals`: rows that the service told of as not its own.
 */
export async function verifyLog(
  database: Database,
  {
    heads,
    upTo,
    trust,
  }: { readonly heads: readonly TreeHead[]; readonly upTo?: number; readonly trust?: RowTrust },
): Promise<Verification & { readonly refusals: Refusals; readonly changes: ChangesCount }> {
  const check = new LogCheck(heads, trust);
  const end = upTo ?? (await newestSeq(database));
  for await (const page of storedPages(database, { after: 0, upTo: end }))
    for (const row of page) check.add(row);
  return {
    ...check.finish(await rowsBeforeFirst(database)),
    refusals: check.refusals,
    changes: check.changes.count,
  };
}

/** The running state of a verification: rows in, in order; a verdict out. */
export class LogCheck {
  readonly #range: CompactRange;
  readonly #heads: readonly TreeHead[];
  #problem: string | null = null;
  readonly #order: EntryOrder;
  /** Rows that are not the service's, by hash, until an entry that is says so. */
  readonly #unaccounted = new Map<string, string>();
  /** What was taken in that the service told of as not its own; where there is a key to tell by. */
  readonly refusals = new Refusals();
  /** Judged windows that are recorded as changed in the store. */
  readonly changes = new RecordedChanges();
  /** The first head that is not smaller than what was taken in: there may be one for every hour of years. */
  #next = 0;

  /** Goes on behind a part that was found right before, when `begun` is given: heads within it must have been compared. */
  constructor(
    heads: readonly TreeHead[],
    private readonly trust: RowTrust | null = null,
    begun = new CompactRange(),
  ) {
    this.#heads = [...heads].sort((a, b) => a.size - b.size);
    this.#range = begun.copy();
    this.#order = new EntryOrder(begun.size);
  }

  /** What was taken in so far, to be gone on from. */
  get range(): CompactRange {
    return this.#range.copy();
  }

  get size(): number {
    return this.#range.size;
  }

  /** The first thing that was found wrong so far. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Takes in the next row of the log; the entry it is, null where it is none. */
  add(row: BareRow | StoredRow): LedgerEntry | null {
    const { leaf, entry, problem } = inspectRowFully(row, row.seq);
    const misplaced = this.#order.add({ seq: row.seq, claims: entry?.seq ?? null, entry: row.entry });
    // Where only the next row can tell what was done, that is said then, and not the half of it that shows here.
    if (misplaced !== undefined) this.#problem ??= misplaced ?? problem;
    this.#range.append(leaf);
    if (misplaced !== undefined) this.#compareHeads();
    if (entry && 'mac' in row) this.#account(row, leaf, entry);
    return entry;
  }

  #account(row: StoredRow, leaf: Buffer, entry: LedgerEntry): void {
    if (!this.trust) return;
    const { seq, action, data } = entry;
    const isOurs = seq === row.seq && this.trust.believes(row, leaf);
    if (!isOurs)
      this.#unaccounted.set(
        leaf.toString('hex'),
        `entry ${row.seq} (${action}) was not written by the service: it has no code of the ledger's key`,
      );
    else {
      if (action === 'ledger.entry_refused') this.#unaccounted.delete(refusalIn(data)?.hash ?? '');
      this.refusals.apply(entry);
      this.changes.apply(entry);
    }
  }

  /** What the last row left open; null where nothing. */
  get unsettled(): string | null {
    return this.#order.finish();
  }

  /** The verdict over all rows taken in, and `before` of which no reading takes any, because they have no place. */
  finish(before = 0): Verification {
    const size = this.#range.size;
    this.#problem ??= this.#order.finish();
    this.#compareHeads();
    for (const head of this.#heads) {
      if (head.size > size)
        this.#problem ??= `the end is cut off: ${head.size} entries were signed for, ${size} are there`;
    }
    if (before > 0) this.#problem ??= `a row stands in front of entry 1, where none can be`;
    const [unaccounted] = this.#unaccounted.values();
    const problem = this.#problem ?? unaccounted ?? null;
    return { valid: problem === null, entries: size, root: this.#range.root().toString('hex'), problem };
  }

  #compareHeads(): void {
    if (this.#problem !== null) return;
    for (; ; this.#next++) {
      const head = this.#heads[this.#next];
      if (head === undefined || head.size > this.#range.size) return;
      if (head.size < this.#range.size || head.root === this.#range.root().toString('hex')) continue;
      this.#problem = `history was rewritten: the first ${head.size} entries do not have the root that was signed for them`;
      return;
    }
  }
}

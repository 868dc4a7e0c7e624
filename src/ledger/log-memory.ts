import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Database } from '../store/database.js';
import type { Log } from '../telemetry/log.js';
import { FoldedChain } from './folded-chain.js';
import { inspectRow, type InspectedRow } from './inspect-row.js';
import { LogTree } from './log-tree.js';
import type { Projection } from './projection.js';
import type { Beginning } from './quick-start.js';
import { isToldOfRefused, type Refusal } from './refusals.js';
import { RowTrust } from './row-trust.js';
import { foldedPages, type StoredRow } from './stored-entries.js';
import { storedLeaves } from './stored-leaves.js';

export interface LogMemoryOptions {
  readonly database: Database;
  readonly log: Log;
  readonly projections: readonly Projection[];
  /** Actions of which the projections need only the newest entries; nearly all entries are of such. */
  readonly recentOnly?: readonly string[];
  /** Leaves of a block of the tree; a power of two. */
  readonly width?: number;
}

/** What a process has of the log: its tree, the states that are folded from it, and what was found wrong with it. */
export class LogMemory {
  readonly tree: LogTree;
  readonly chain: FoldedChain;
  trust = RowTrust.ofAll;
  /** Place of the newest entry that was taken in. */
  last = 0;
  /** Some states have an entry and some do not: all are worth nothing until they are rebuilt. */
  isTorn = false;
  #problem: string | null = null;
  readonly #refused = new Map<string, Refusal>();

  constructor(private readonly options: LogMemoryOptions) {
    const { database, recentOnly = [], width } = options;
    this.chain = new FoldedChain(recentOnly);
    this.tree = new LogTree({
      leavesOf: async (after, upTo) => storedLeaves(database, upTo, after),
      changed: (problem) => this.report(problem),
      ...(width === undefined ? {} : { width }),
    });
  }

  /** The first thing that was found wrong; null while nothing was. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Rows that this service did not write. */
  get refused(): readonly Refusal[] {
    return [...this.#refused.values()];
  }

  /** Back to before the first entry; rows that were met and are not obeyed stay known. */
  forget(): void {
    for (const projection of this.options.projections) projection.reset();
    this.tree.begin();
    this.chain.clear();
    [this.last, this.isTorn, this.#problem] = [0, false, null];
  }

  /** Takes note of what is wrong with the log; the first finding stays. */
  report(problem: string): void {
    if (this.#problem !== null) return;
    this.#problem = problem;
    this.options.log.error('the ledger is not intact', new Error(problem), { problem });
  }

  /** Takes in the next row; the entry it is, null where it is none that is obeyed. */
  take(row: StoredRow): LedgerEntry | null {
    const inspected = inspectRow(row, this.last + 1);
    const { leaf, entry, problem } = inspected;
    if (problem !== null) this.report(problem);
    else if (entry && row.action !== entry.action)
      this.report(`entry ${row.seq}: the column action does not say what the entry says`);
    this.tree.append(leaf);
    this.chain.add(entry?.action ?? null, leaf);
    if (this.tree.size % this.tree.width === 0) this.chain.endBlock();
    this.last = row.seq;
    if (!entry || !this.#admits(row, inspected)) return null;
    this.#fold(entry);
    return entry;
  }

  /** Folds what states need of a beginning; whether all of that is there and as it was. */
  async begin({ size, blocks, folded, leafAt }: Beginning): Promise<boolean> {
    const { database, recentOnly = [] } = this.options;
    for await (const page of foldedPages(database, { upTo: size, recentOnly }))
      for (const row of page) {
        const inspected = inspectRow(row, row.seq);
        const { leaf, entry, problem } = inspected;
        if (problem !== null || !entry || !this.chain.isFolded(entry.action)) return false;
        if (leafAt && !leaf.equals(leafAt(row.seq))) return false;
        this.chain.add(entry.action, leaf);
        if (this.#admits(row, inspected)) this.#fold(entry);
      }
    this.tree.begin(blocks);
    this.chain.skipTo(size / this.tree.width);
    this.last = size;
    return folded === null || this.chain.at(size / this.tree.width)?.equals(folded) === true;
  }

  /** A row as it is shown. */
  shown(row: StoredRow): LedgerEntry {
    const { entry, leaf } = inspectRow(row, row.seq);
    if (entry === null) return unreadable(row);
    return entry.seq === row.seq && this.trust.believes(row, leaf) ? entry : { ...entry, isRefused: true };
  }

  /** Whether a row is obeyed. One that is not this service's, or is a copy at another place, is taken note of. */
  #admits(row: StoredRow, { leaf, entry }: InspectedRow): boolean {
    const isOurs = entry?.seq === row.seq && this.trust.believes(row, leaf);
    const hash = leaf.toString('hex');
    if (isOurs || entry === null || this.#refused.has(hash)) return isOurs;
    const { action, actor, subject } = entry;
    const refusal = { seq: row.seq, hash, action, actorId: actor.id, subjectId: subject.id };
    this.#refused.set(hash, refusal);
    this.#tellRefused(refusal);
    return false;
  }

  /** Whoever writes one row can write a million: the first are told one by one, then ever more of them by their number. */
  #tellRefused(refusal: Refusal): void {
    const soFar = this.#refused.size;
    if (!isToldOfRefused(soFar)) return;
    const problem = new Error(`entry ${refusal.seq} (${refusal.action}) has no code of the ledger's key`);
    const message = 'an entry of the ledger is not obeyed: this service did not write it';
    this.options.log.error(message, problem, { ...refusal, soFar });
  }

  #fold(entry: LedgerEntry): void {
    try {
      for (const projection of this.options.projections) projection.apply(entry);
    } catch (error) {
      this.isTorn = true;
      throw new Error(`entry ${entry.seq} (${entry.action}) cannot be folded`, { cause: error });
    }
  }
}

/** A row whose bytes are no entry, shown by its columns: an auditor's list must not lose it. */
function unreadable(row: StoredRow): LedgerEntry {
  return {
    seq: row.seq,
    hash: row.hash,
    at: new Date(`${row.at.replace(' ', 'T')}Z`),
    action: row.action,
    actor: { type: 'system', id: row.actor_id },
    subject: { type: row.subject_type, id: row.subject_id },
    data: { unreadable: row.entry },
  };
}

import { CodedError } from '../domain/coded-error.js';
import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { askedByAll } from '../store/asker.js';
import type { Database } from '../store/database.js';
import type { Log } from '../telemetry/log.js';
import { type AppendMode, appendRows } from './append.js';
import type { TreeHead } from './checkpoint.js';
import { inspectRow, type InspectedRow } from './inspect-row.js';
import { MerkleTree } from './merkle-tree.js';
import type { Projection } from './projection.js';
import { type LedgerCount, type LedgerQuery, ledgerCountSql, ledgerSql } from './read-query.js';
import type { Refusal } from './refusals.js';
import { RowTrust, type TrustOptions } from './row-trust.js';
import { sealEntry } from './sealed-entry.js';
import { RepeatedVerification } from './repeated-verification.js';
import { foldedPages, newestSeq, storedPages, type StoredRow } from './stored-entries.js';
import { storedLeaves } from './stored-leaves.js';
import type { Verification } from './verification.js';

export interface LedgerOptions extends Omit<TrustOptions, 'signed'> {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly projections: readonly Projection[];
  /** Default: `lock` embedded (this process owns the directory), `swap` with a server (replicas share the table). */
  readonly append?: AppendMode;
  /** Names this process in its entries; random when left out. Two processes must not share one. */
  readonly writer?: string;
  /** The newest signed checkpoint, which verification holds the log to, and a quick start. */
  readonly signed?: () => TreeHead | null;
  /** Actions of which the projections need only the newest entries; nearly all entries are of such. */
  readonly recentOnly?: readonly string[];
  /** How many of the newest entries are folded whatever their action; a log with fewer is read whole. Default 20 000. */
  readonly recent?: number;
}

/** Every decision lost its place to another writer, again and again. */
export class LedgerContended extends CodedError {
  override readonly name = 'LedgerContended';
  readonly code = 'ledger_contended';
  override readonly retryable = true;
}

/** A losing writer decides again this often; each loss means that somebody else's decision was recorded. */
const ROUNDS = 50;
const RECENT = 20_000;
/** Entries of one transaction; a block of this many is one part, so it is stored whole or not at all. */
const MOST_ENTRIES = 10_000;

/**
 * The control plane's only store: an append-only log of decisions whose states are folds. Places (`seq`) count from 1 without gaps, so the
 * newest seq is the number of entries and RFC 6962 leaf i stands at seq i + 1.
 */
export class Ledger {
  readonly #tree = new MerkleTree();
  readonly #verification: RepeatedVerification;
  readonly #mode: AppendMode;
  readonly #writer: string;
  #last = 0;
  #problem: string | null = null;
  /** What memory has to do before it may decide: nothing, read the tail, or start over. */
  #behind: 'no' | 'tail' | 'all' = 'no';
  #queue: Promise<unknown> = Promise.resolve();
  #trust = RowTrust.ofAll;
  readonly #refused = new Map<string, Refusal>();

  private constructor(private readonly options: LedgerOptions) {
    this.#mode = options.append ?? (options.database.mode === 'embedded' ? 'lock' : 'swap');
    this.#writer = options.writer ?? randomBytes(6).toString('hex');
    this.#verification = new RepeatedVerification(options.database);
  }

  /**
   * Reads the log through the projections. A log that is not intact is served, with an error logged and `verify()` naming the fault; rows that
   * are not this service's are not obeyed. Throws LedgerUntrusted when nothing shows which rows are.
   */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const ledger = new Ledger(options);
    await ledger.#startOver();
    const trust = ledger.#trust;
    if (trust.isNew) await ledger.transact((now) => [trust.entry(ledger.tree, now)]);
    return ledger;
  }

  /** Number of entries. */
  get size(): number {
    return this.#tree.size;
  }

  /** RFC 6962 root of all entries, hex. */
  get root(): string {
    return this.#tree.root().toString('hex');
  }

  /** The Merkle tree, for proofs. Leaf i is the entry with seq i + 1. */
  get tree(): Pick<MerkleTree, 'size' | 'root' | 'inclusionProof' | 'consistencyProof'> {
    return this.#tree;
  }

  /** The first thing that was found wrong with the log since this process started; null while nothing was. It is served and appended to all the same. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Rows met since this process started that this service did not write. */
  get refused(): readonly Refusal[] {
    return [...this.#refused.values()];
  }

  /** Takes note that the log is not what it should be; the first finding stays. */
  distrust(problem: string): void {
    this.#report(problem);
  }

  /**
   * Calls `decide` with all projections current, appends what it returns as one block, and feeds it to the projections. `decide` is pure and
   * may be called again: whoever loses the race for a place reloads and decides anew. What it throws passes through, and nothing happened.
   * Throws AppendFailed or LedgerContended when the entries are not in the log: the change did not happen.
   */
  async transact(decide: (now: Date) => readonly NewEntry[]): Promise<readonly LedgerEntry[]> {
    // whoever asked may leave: what became of an entry is known all the same
    const turn = this.#queue.then(async () => askedByAll(async () => this.#transact(decide)));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Entries by place, oldest first unless asked otherwise. */
  async read(query: LedgerQuery): Promise<readonly LedgerEntry[]> {
    const { sql, params } = ledgerSql(query);
    const rows = await this.options.database.query<StoredRow>(sql, { params });
    return rows.map((row) => this.#shown(row));
  }

  /** How many entries a reading finds on all its pages. */
  async count(query: LedgerCount): Promise<number> {
    const { sql, params } = ledgerCountSql(query);
    const [row] = await this.options.database.query<{ entries: number }>(sql, { params });
    return row?.entries ?? 0;
  }

  /** Recomputes the log from the stored bytes and compares it with memory and with the newest signed checkpoint; again, at the cost of what is new. */
  async verify(): Promise<Verification> {
    const head: TreeHead = { size: this.size, root: this.root };
    const [upTo, problem, signed] = [this.#last, this.#problem, this.options.signed?.() ?? null];
    // A checkpoint may be newer than this replica's memory; then the tail is read too.
    const end = signed && signed.size > upTo ? Math.max(upTo, await newestSeq(this.options.database)) : upTo;
    const heads = [signed, this.#trust.head, head].filter((one) => one !== null);
    const found = await this.#verification.verify({ heads, upTo: end, tree: this.#tree, trust: this.#trust });
    if (found.problem !== null) this.#report(found.problem);
    return found.problem === null && problem !== null ? { ...found, valid: false, problem } : found;
  }

  /** Takes in what other writers appended since. */
  async refresh(): Promise<void> {
    const turn = this.#queue.then(async () => this.#catchUp());
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #transact(decide: (now: Date) => readonly NewEntry[]): Promise<readonly LedgerEntry[]> {
    for (let round = 0; round < ROUNDS; round++) {
      // Replicas share the log: what others decided meanwhile counts before this decision does.
      if (this.#behind === 'all') await this.#startOver();
      else if (this.#behind === 'tail' || this.#mode === 'swap') await this.#catchUp();
      const decided = decide(this.options.clock.now());
      if (decided.length === 0) return [];
      if (decided.length > MOST_ENTRIES)
        throw new RangeError(`${decided.length} entries in one transaction; at most ${MOST_ENTRIES}`);
      const codeOf = this.#trust.codeOf.bind(this.#trust);
      const rows = decided.map((entry, i) => sealEntry(entry, this.#last + 1 + i, this.#writer, codeOf));
      this.#behind = 'tail'; // until the outcome is known
      if ((await appendRows(this.options.database, rows, this.#mode)) === 'stored') {
        // From the bytes, as after a restart: memory and log cannot disagree.
        const entries = rows.map((row) => this.#take(row)).filter((entry) => entry !== null);
        this.#behind = 'no';
        return entries;
      }
    }
    throw new LedgerContended(`lost the race for a place in the ledger ${ROUNDS} times in a row`);
  }

  async #startOver(): Promise<void> {
    this.#forget();
    const signed = this.options.signed?.() ?? null;
    this.#trust = await RowTrust.find(this.options.database, { ...this.options, signed });
    if (!(await this.#startQuickly())) this.#forget();
    await this.#catchUp();
    this.#trust.demand(this.#tree);
  }

  #forget(): void {
    this.#behind = 'all';
    for (const projection of this.options.projections) projection.reset();
    this.#tree.clear();
    [this.#last, this.#problem] = [0, null];
  }

  /**
   * What a checkpoint was signed for needs no look at every byte: the recorded hashes must give the signed root, and what is folded its own hash.
   * False where anything is not as it should be: then everything is read, and named.
   */
  async #startQuickly(): Promise<boolean> {
    const { database, projections } = this.options;
    const head = this.options.signed?.() ?? null;
    const recent = this.options.recent ?? RECENT;
    if (head === null || head.size < recent) return false;
    const leaves = await storedLeaves(database, head.size);
    if (leaves === null) return false;
    this.#tree.fill(leaves);
    if (this.root !== head.root) return false;
    const recentOnly = this.options.recentOnly ?? [];
    const range = { upTo: head.size, recentOnly, recent: head.size - recent };
    for await (const page of foldedPages(database, range))
      for (const row of page) {
        const inspected = inspectRow(row, row.seq);
        const { leaf, entry, problem } = inspected;
        if (problem !== null || !entry || !leaf.equals(this.#tree.leaf(row.seq - 1))) return false;
        if (this.#admits(row, inspected)) for (const projection of projections) projection.apply(entry);
      }
    this.#last = head.size;
    return true;
  }

  async #catchUp(): Promise<void> {
    const { database } = this.options;
    const upTo = await newestSeq(database);
    for await (const page of storedPages(database, { after: this.#last, upTo }))
      for (const row of page) this.#take(row);
    this.#behind = 'no';
  }

  #take(row: StoredRow): LedgerEntry | null {
    const inspected = inspectRow(row, this.#last + 1);
    const { leaf, entry, problem } = inspected;
    if (problem !== null) this.#report(problem);
    this.#tree.append(leaf);
    this.#last = row.seq;
    if (!entry || !this.#admits(row, inspected)) return null;
    this.#fold(entry);
    return entry;
  }

  /** Whether a row is obeyed. One that is not this service's, or is a copy at another place, is taken note of. */
  #admits(row: StoredRow, { leaf, entry }: InspectedRow): boolean {
    const isOurs = entry?.seq === row.seq && this.#trust.believes(row, leaf);
    const hash = leaf.toString('hex');
    if (isOurs || entry === null || this.#refused.has(hash)) return isOurs;
    const { action, actor, subject } = entry;
    const refusal = { seq: row.seq, hash, action, actorId: actor.id, subjectId: subject.id };
    this.#refused.set(hash, refusal);
    const problem = new Error(`entry ${row.seq} (${action}) has no code of the ledger's key`);
    this.options.log.error('an entry of the ledger is not obeyed: this service did not write it', problem, {
      ...refusal,
    });
    return false;
  }

  #shown(row: StoredRow): LedgerEntry {
    const { entry, leaf } = inspectRow(row, row.seq);
    if (entry === null) return unreadable(row);
    return entry.seq === row.seq && this.#trust.believes(row, leaf) ? entry : { ...entry, isRefused: true };
  }

  #fold(entry: LedgerEntry): void {
    try {
      for (const projection of this.options.projections) projection.apply(entry);
    } catch (error) {
      // Some projections have it and some do not: memory is worth nothing until it is rebuilt.
      this.#behind = 'all';
      throw new Error(`entry ${entry.seq} (${entry.action}) cannot be folded`, { cause: error });
    }
  }

  #report(problem: string): void {
    if (this.#problem !== null) return;
    this.#problem = problem;
    this.options.log.error('the ledger is not intact', new Error(problem), { problem });
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

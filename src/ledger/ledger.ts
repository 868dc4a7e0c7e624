import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { askedByAll } from '../store/asker.js';
import { type AppendMode, appendRows } from './append.js';
import type { TreeHead } from './checkpoint.js';
import { LedgerContended } from './ledger-contended.js';
import type { LedgerSnapshot, LedgerSnapshots } from './ledger-snapshot.js';
import { LogMemory, type LogMemoryOptions } from './log-memory.js';
import type { ProvingTree } from './log-tree.js';
import { type Beginning, beginningByLeaves, beginningBySnapshot, wholeBlocks } from './quick-start.js';
import { type LedgerCount, type LedgerQuery, ledgerCountSql, ledgerSql } from './read-query.js';
import type { Refusal } from './refusals.js';
import { RowTrust, type TrustOptions } from './row-trust.js';
import { sealEntry } from './sealed-entry.js';
import { type Checking, type FoundRight, lastOf, RepeatedVerification } from './repeated-verification.js';
import { newestSeq, storedPages, type StoredRow } from './stored-entries.js';
import type { Verification } from './verification.js';

export interface LedgerOptions extends Omit<TrustOptions, 'signed'>, LogMemoryOptions {
  readonly clock: Clock;
  /** Default: `lock` embedded (this process owns the directory), `swap` with a server (replicas share the table). */
  readonly append?: AppendMode;
  /** Names this process in its entries; random when left out. Two processes must not share one. */
  readonly writer?: string;
  /** The newest signed checkpoint, which verification holds the log to, and a quick start. */
  readonly signed?: () => TreeHead | null;
  /** How many of the newest entries are folded whatever their action; a log with fewer is read whole. Default as many as one transaction may hold. */
  readonly recent?: number;
  /** Where what is known of the beginning of the log is kept for the next start. */
  readonly snapshots?: Pick<LedgerSnapshots, 'read' | 'keep'>;
}

/** A losing writer decides again this often; each loss means that somebody else's decision was recorded. */
const ROUNDS = 50;
/** Entries of one transaction; a block of this many is one part, so it is stored whole or not at all. */
const MOST_ENTRIES = 10_000;
/** What is recorded and may not be stored yet is of the last transaction of a process: nothing older is needed whatever its action. */
const RECENT = MOST_ENTRIES;

/**
 * The control plane's only store: an append-only log of decisions whose states are folds. Places (`seq`) count from 1 without gaps, so the
 * newest seq is the number of entries and RFC 6962 leaf i stands at seq i + 1.
 */
export class Ledger {
  readonly #memory: LogMemory;
  readonly #verification: RepeatedVerification;
  /** What a quick start took over; null when it was looked at. */
  #checking: Checking | null = null;
  /** What the newest snapshot was made of: to make the same again would cost as much as the log is long, at every beat. */
  #kept: Pick<LedgerSnapshot, 'size' | 'digests'> | null = null;
  readonly #mode: AppendMode;
  readonly #writer: string;
  /** What memory has to do before it may decide: nothing, read the tail, or start over. */
  #behind: 'no' | 'tail' | 'all' = 'no';
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(private readonly options: LedgerOptions) {
    this.#mode = options.append ?? (options.database.mode === 'embedded' ? 'lock' : 'swap');
    this.#writer = options.writer ?? randomBytes(6).toString('hex');
    this.#verification = new RepeatedVerification(options.database);
    this.#memory = new LogMemory(options);
  }

  /**
   * Reads the log through the projections. A log that is not intact is served, with an error logged and `verify()` naming the fault; rows that
   * are not this service's are not obeyed. Throws LedgerUntrusted when nothing shows which rows are.
   */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const ledger = new Ledger(options);
    await ledger.#startOver();
    const { trust, tree } = ledger.#memory;
    if (trust.isNew) {
      const vouched = await trust.vouched(tree);
      await ledger.transact((now) => [trust.entry(vouched, now)]);
    }
    return ledger;
  }

  /** Number of entries. */
  get size(): number {
    return this.#memory.tree.size;
  }

  /** RFC 6962 root of all entries, hex. */
  get root(): string {
    return this.#memory.tree.root().toString('hex');
  }

  /** The Merkle tree, for proofs. Leaf i is the entry with seq i + 1. */
  get tree(): ProvingTree {
    return this.#memory.tree;
  }

  /** How much of what a quick start took over has been looked at since; null when all of it was. */
  get checking(): Checking | null {
    return this.#checking;
  }

  /** The first thing that was found wrong with the log since this process started; null while nothing was. It is served and appended to all the same. */
  get problem(): string | null {
    return this.#memory.problem;
  }

  /** Rows met since this process started that this service did not write. */
  get refused(): readonly Refusal[] {
    return this.#memory.refused;
  }

  /** Makes codes for texts that only who has the key of the ledger can make. */
  get codes(): Pick<RowTrust, 'codeOfText'> {
    return this.#memory.trust;
  }

  /** Takes note that the log is not what it should be; the first finding stays. */
  distrust(problem: string): void {
    this.#memory.report(problem);
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
    return rows.map((row) => this.#memory.shown(row));
  }

  /** How many entries a reading finds on all its pages. */
  async count(query: LedgerCount): Promise<number> {
    const { sql, params } = ledgerCountSql(query);
    const [row] = await this.options.database.query<{ entries: number }>(sql, { params });
    return row?.entries ?? 0;
  }

  /** Recomputes the log from the stored bytes and compares it with memory and with the newest signed checkpoint; again, at the cost of what is new. */
  async verify(): Promise<Verification> {
    return lastOf(this.verifySteps());
  }

  /** The same in steps, between which other work has its turn. */
  async *verifySteps(): AsyncGenerator<void, Verification, void> {
    const { tree, trust, last, problem } = this.#memory;
    const [head, signed] = [{ size: this.size, root: this.root }, this.options.signed?.() ?? null];
    // A checkpoint may be newer than this replica's memory; then the tail is read too.
    const upTo = signed && signed.size > last ? Math.max(last, await newestSeq(this.options.database)) : last;
    const heads = [signed, trust.head, head].filter((one) => one !== null);
    const steps = this.#verification.steps({ heads, upTo, tree, trust });
    for (;;) {
      const step = await steps.next();
      if (step.done) return this.#verified(step.value, problem);
      this.#progressed(step.value);
      yield;
    }
  }

  #progressed(upTo: number): void {
    if (this.#checking === null) return;
    const { checked, of } = this.#checking;
    this.#checking = { of, checked: Math.min(of, Math.max(checked, upTo)) };
  }

  #verified(found: Verification, problem: string | null): Verification {
    this.#checking = null;
    if (found.problem !== null) this.#memory.report(found.problem);
    return found.problem === null && problem !== null ? { ...found, valid: false, problem } : found;
  }

  /** Keeps what the next start may begin with; nothing where no more was signed or looked at since. */
  async keepSnapshot(): Promise<void> {
    const { tree, problem } = this.#memory;
    const { signed, snapshots, recent = RECENT } = this.options;
    const size = wholeBlocks(Math.min(this.size, signed?.()?.size ?? 0) - recent, tree.width);
    const right = this.#verification.foundRight;
    const isKept = this.#kept?.size === size && this.#kept.digests === right.digests;
    const snapshot = problem !== null || isKept ? null : this.#snapshot(size, right);
    if (snapshot === null) return;
    await snapshots?.keep(snapshot);
    this.#kept = { size, digests: right.digests };
  }

  /** Of the first `size` entries; null where that is no part of which enough is known. */
  #snapshot(size: number, { digests, digested }: FoundRight): LedgerSnapshot | null {
    const { tree, chain } = this.#memory;
    const { width } = tree;
    const { recentOnly = [] } = this.options;
    const folded = chain.at(size / width);
    if (size === 0 || folded === null) return null;
    const known = { digests: digests.slice(0, Math.floor(size / digested)), digested };
    return { size, width, blocks: tree.blocks(size / width), recentOnly, folded, ...known };
  }

  /** Takes in what other writers appended since. */
  async refresh(): Promise<void> {
    const turn = this.#queue.then(async () => this.#catchUp());
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #transact(decide: (now: Date) => readonly NewEntry[]): Promise<readonly LedgerEntry[]> {
    const memory = this.#memory;
    for (let round = 0; round < ROUNDS; round++) {
      // Replicas share the log: what others decided meanwhile counts before this decision does.
      if (this.#behind === 'all' || memory.isTorn) await this.#startOver();
      else if (this.#behind === 'tail' || this.#mode === 'swap') await this.#catchUp();
      const decided = decide(this.options.clock.now());
      if (decided.length === 0) return [];
      if (decided.length > MOST_ENTRIES)
        throw new RangeError(`${decided.length} entries in one transaction; at most ${MOST_ENTRIES}`);
      const codeOf = memory.trust.codeOf.bind(memory.trust);
      const rows = decided.map((entry, i) => sealEntry(entry, memory.last + 1 + i, this.#writer, codeOf));
      this.#behind = 'tail'; // until the outcome is known
      if ((await appendRows(this.options.database, rows, this.#mode)) === 'stored') {
        // From the bytes, as after a restart: memory and log cannot disagree.
        const entries = rows.map((row) => memory.take(row)).filter((entry) => entry !== null);
        this.#behind = 'no';
        return entries;
      }
    }
    throw new LedgerContended(`lost the race for a place in the ledger ${ROUNDS} times in a row`);
  }

  async #startOver(): Promise<void> {
    this.#forget();
    const signed = this.options.signed?.() ?? null;
    this.#memory.trust = await RowTrust.find(this.options.database, { ...this.options, signed });
    if (!(await this.#startQuickly(signed))) await this.#catchUp();
    await this.#memory.trust.demand(this.#memory.tree);
  }

  #forget(): void {
    this.#behind = 'all';
    [this.#checking, this.#kept] = [null, null];
    this.#memory.forget();
  }

  /**
   * What a checkpoint was signed for needs no look at every byte: what is known of its beginning and what follows must give the signed root, and what is folded has to
   * be all there. False where anything is not as it should be: then everything is read, and named.
   */
  async #startQuickly(head: TreeHead | null): Promise<boolean> {
    const { database, log, recentOnly = [], recent = RECENT } = this.options;
    if (head === null || head.size < recent) return false;
    const order = { head, recent, recentOnly, width: this.#memory.tree.width };
    const snapshot = await beginningBySnapshot(
      database,
      (await this.options.snapshots?.read()) ?? null,
      order,
    );
    const refuse = (why: string) =>
      log.warn('the snapshot of the ledger is not obeyed: more of the log is read', { why });
    if (snapshot !== null && !('why' in snapshot)) {
      const isRight = await this.#beginWith(snapshot, head);
      if (!isRight) refuse('the log is not the one that it tells of and that was signed');
      return isRight;
    }
    if (snapshot !== null) refuse(snapshot.why);
    const recorded = await beginningByLeaves(database, order);
    return recorded !== null && (await this.#beginWith(recorded, head));
  }

  async #beginWith(beginning: Beginning, head: TreeHead): Promise<boolean> {
    const isRight = (await this.#memory.begin(beginning)) && (await this.#followsAsSigned(head));
    if (!isRight) this.#forget();
    else {
      this.#verification.goOnFrom(beginning.right, this.#memory.tree);
      this.#checking = { checked: 0, of: beginning.size };
    }
    return isRight;
  }

  /** Whether the rest of the log is as it should be, and gives the signed root. */
  async #followsAsSigned({ size, root }: TreeHead): Promise<boolean> {
    await this.#catchUp();
    const { tree, problem } = this.#memory;
    return problem === null && tree.size >= size && (await tree.rootOf(size)).toString('hex') === root;
  }

  async #catchUp(): Promise<void> {
    const { database } = this.options;
    const upTo = await newestSeq(database);
    for await (const page of storedPages(database, { after: this.#memory.last, upTo }))
      for (const row of page) this.#memory.take(row);
    this.#behind = 'no';
  }
}

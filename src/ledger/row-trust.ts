import { createHash } from 'node:crypto';
import { CodedError } from '../domain/coded-error.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import type { Database } from '../store/database.js';
import type { TreeHead } from './checkpoint.js';
import type { EntrySeal } from './entry-seal.js';
import { inspectRow } from './inspect-row.js';
import type { ProvingTree } from './log-tree.js';
import { authenticationRows, newestSeq, type StoredRow } from './stored-entries.js';

/** Nothing proves that the log is the one that was written: obeying it would let whoever wrote the database decide. */
export class LedgerUntrusted extends CodedError {
  override readonly name = 'LedgerUntrusted';
  readonly code = 'ledger_untrusted';
  constructor(why: string, { size, root }: TreeHead) {
    super(
      `${why}. Restore the ledger or its key from a back-up; if you know the log to be right as it is, start once with TIDEWATCH_LEDGER_TRUST=${size}:${root}`,
    );
  }
}

/** The beginning of a log that is believed as a whole; `root` is null where there was nothing to hold it to. */
interface Prefix {
  readonly size: number;
  readonly root: string | null;
}

const EVERYTHING: Prefix = { size: Infinity, root: null };

export interface TrustOptions {
  /** Marks entries as this service's and knows them again; left out: every row is believed. */
  readonly seal?: EntrySeal;
  /** Every row is believed, to find out which key is in force; what is written is sealed all the same. */
  readonly isProvisional?: true;
  /** A log that an operator vouches for as it is, whoever wrote it. */
  readonly accepted?: TreeHead;
  /** The newest signed checkpoint: it vouches for entries of before there were codes. */
  readonly signed: TreeHead | null;
}

/** Which rows of the table are entries of this service: those with its code, and the beginning that was vouched for as a whole. */
export class RowTrust {
  private constructor(
    private readonly seal: EntrySeal | null,
    private readonly prefix: Prefix,
    /** `known`: the log itself says so; `new`: it is to say so from now on; `foreign`: another key's log. */
    private readonly state: 'known' | 'new' | 'foreign',
  ) {}

  /** Of a log whose rows are not authenticated. */
  static readonly ofAll = new RowTrust(null, EVERYTHING, 'known');

  /** Whether the beginning that is believed was not vouched for in the log itself yet. */
  get isNew(): boolean {
    return this.state === 'new';
  }

  /** Looks at what the log says of itself, which the key of the ledger proves. */
  static async find(
    database: Database,
    { seal, accepted, signed, isProvisional }: TrustOptions,
  ): Promise<RowTrust> {
    if (!seal) return RowTrust.ofAll;
    if (isProvisional) return new RowTrust(seal, EVERYTHING, 'known');
    const ours = await vouchedBy(database, seal);
    const given = accepted && accepted.size > (ours?.size ?? -1) ? accepted : null;
    if (given) return new RowTrust(seal, given, 'new');
    if (ours) return new RowTrust(seal, ours, 'known');
    if ((await authenticationRows(database, 'text')).length > 0) {
      // Another process with the same key may have written the first of them between the two readings; the log only grows, so a third one knows.
      const since = await vouchedBy(database, seal);
      return since
        ? new RowTrust(seal, since, 'known')
        : new RowTrust(seal, { size: 0, root: null }, 'foreign');
    }
    // The first start with codes: what a signature stands behind, and where nothing was ever signed what is there.
    const prefix = signed ?? { size: await newestSeq(database), root: null };
    return new RowTrust(seal, prefix, 'new');
  }

  /** What the log has to begin with; null where nothing was vouched for. */
  get head(): TreeHead | null {
    const { size, root } = this.prefix;
    return root === null ? null : { size, root };
  }

  /** Why none of it can be believed; null when it can. */
  get problem(): string | null {
    return this.state === 'foreign' ? 'the entries of the ledger were written with another key' : null;
  }

  /** Whether a row is one of this service's: then it is obeyed, else only shown. */
  believes({ seq, mac }: Pick<StoredRow, 'seq' | 'mac'>, leaf: Buffer): boolean {
    if (this.seal === null || seq <= this.prefix.size) return true;
    const { seal } = this;
    return mac.split(' ').some((code) => seal.isOurs(leaf, code));
  }

  /** The code of an entry; none in a log without authentication. */
  codeOf(leaf: Buffer): string {
    return this.seal?.codeOf(leaf) ?? '';
  }

  /** The code of a text of one purpose, which is none for an entry: leaves are hashes of what begins with a byte of zero. '' in a log without authentication. */
  codeOfText(purpose: string, text: string): string {
    return this.codeOf(
      createHash('sha256')
        .update(JSON.stringify([purpose, text]))
        .digest(),
    );
  }

  /** Throws LedgerUntrusted when the log does not begin with what was vouched for. */
  async demand(tree: Pick<ProvingTree, 'size' | 'root' | 'rootOf'>): Promise<void> {
    const { size, root } = this.prefix;
    const now = { size: tree.size, root: tree.root().toString('hex') };
    if (this.problem !== null) throw new LedgerUntrusted(this.problem, now);
    if (root === null) return;
    if (size > tree.size || (await tree.rootOf(size)).toString('hex') !== root)
      throw new LedgerUntrusted(
        `the first ${size} entries of the ledger are not those that were vouched for`,
        now,
      );
  }

  /** The beginning that is believed, as the log has it. */
  async vouched(tree: Pick<ProvingTree, 'rootOf'>): Promise<TreeHead> {
    const { size } = this.prefix;
    return { size, root: (await tree.rootOf(size)).toString('hex') };
  }

  /** What is recorded when entries begin to be authenticated, or a beginning is accepted. */
  entry({ size, root }: TreeHead, at: Date): NewEntry {
    return {
      action: 'ledger.authenticated',
      actor: SYSTEM,
      at,
      subject: { type: 'ledger', id: 'ledger' },
      data: { entries: size, root },
    };
  }
}

/** The longest beginning that an entry with our code vouches for. */
async function vouchedBy(database: Database, seal: EntrySeal): Promise<TreeHead | null> {
  let longest: TreeHead | null = null;
  for (const row of await authenticationRows(database, 'column')) {
    const { leaf, entry } = inspectRow(row, row.seq);
    if (entry?.seq !== row.seq || !seal.isOurs(leaf, row.mac)) continue;
    const head = headIn(entry);
    if (head && head.size >= (longest?.size ?? 0)) longest = head;
  }
  return longest;
}

function headIn({ data }: LedgerEntry): TreeHead | null {
  const { entries, root } = data;
  return typeof entries === 'number' && typeof root === 'string' ? { size: entries, root } : null;
}

import type { Actor } from '../domain/ledger-entry.js';
import { InconsistentLog, type Checkpoints, type SignedCheckpoint } from '../ledger/checkpoints.js';
import { evidencePack } from '../ledger/evidence-pack.js';
import { exportLedger, type ExportRange, type ExportSource } from '../ledger/export.js';
import type { Refusal } from '../ledger/refusals.js';
import type { AuditReads } from '../ledger/audit-reads.js';
import { publishCheckpoint } from '../ledger/vouch.js';
import { noteReading } from '../registry/note-reading.js';
import type { Principal } from '../registry/principal.js';
import type { ChangesReview, KnownChange, WrittenWindow } from '../windows/changed-windows.js';
import { packedModel, packParts, type PackedModel } from './pack-parts.js';
import type { Verification } from '../ledger/verification.js';
import type { Stages } from './stages.js';
import { tellLedger } from './tell-ledger.js';

/** What auditors do beside reading the ledger: take it along signed, have it signed, look into what others wrote. */
export class AuditActions {
  constructor(
    private readonly stages: Pick<
      Stages,
      | 'baseUrl'
      | 'baselines'
      | 'changedWindows'
      | 'channels'
      | 'clock'
      | 'database'
      | 'deliveries'
      | 'ledger'
      | 'refusals'
    >,
    private readonly checkpoints: Checkpoints,
    private readonly auditReads: AuditReads,
  ) {}

  /** The newest checkpoint; null before the first. */
  get latest(): SignedCheckpoint | null {
    return this.checkpoints.latest;
  }

  /** Recomputes every hash from the stored bytes; and when that was. */
  async verify(): Promise<{ readonly found: Verification; readonly at: Date }> {
    const { ledger, clock } = this.stages;
    return { found: await ledger.verify(), at: clock.now() };
  }

  /** As `noteReading` does: before somebody sees the ledger. */
  async noteReading(reader: Principal, filter: Readonly<Record<string, unknown>>): Promise<void> {
    return noteReading({ ledger: this.stages.ledger, auditReads: this.auditReads }, reader, filter);
  }

  /** Signs the log as it is now, and publishes that. Throws InconsistentLog. */
  async sign(): Promise<SignedCheckpoint> {
    const { stages, checkpoints } = this;
    const { ledger, clock } = stages;
    await ledger.refresh();
    const signed = await checkpoints.sign(ledger.tree);
    await publishCheckpoint({ ledger, checkpoints }, signed.note, clock.now(), true);
    return signed;
  }

  /** The checkpoint that covers the log, or of a log that it does not cover any more the newest one and what is wrong. */
  async vouched(): Promise<{ readonly checkpoint: SignedCheckpoint; readonly damage?: string }> {
    const { stages, checkpoints } = this;
    const { ledger } = stages;
    // what was found since the last look is said in the log before it is signed
    await ledger.transact((now) => tellLedger(stages, now));
    try {
      const checkpoint = await checkpoints.sign(ledger.tree);
      return { checkpoint, ...(ledger.problem === null ? {} : { damage: ledger.problem }) };
    } catch (error) {
      const { latest: checkpoint } = checkpoints;
      if (!(error instanceof InconsistentLog) || checkpoint === null) throw error;
      ledger.distrust(error.message);
      return { checkpoint, damage: error.message };
    }
  }

  /** The lines of an export (NDJSON). The first throws RangeError for a range that cannot be exported. */
  exported(vouched: Pick<ExportSource, 'checkpoint' | 'damage'>, range: ExportRange): AsyncGenerator<string> {
    const { database, ledger } = this.stages;
    return exportLedger({ database, tree: ledger.tree, ...vouched }, range);
  }

  /** What an evidence pack of a model would hold of a range that a checkpoint covers. */
  async ofModel(model: string, { head }: SignedCheckpoint, range: ExportRange): Promise<PackedModel> {
    return packedModel(this.stages, model, { ...range, last: range.last ?? head.size });
  }

  /** An evidence pack (tar) of entries that a checkpoint covers; of a model alone, where it is one's. */
  async packed(
    checkpoint: SignedCheckpoint,
    range: ExportRange,
    of: PackedModel | null,
  ): Promise<AsyncGenerator<Buffer>> {
    const { history } = this.checkpoints;
    const parts = await packParts(this.stages, { checkpoint, history, range, about: of });
    const { size } = checkpoint.head;
    const own = of ? { model: of.model, ofModel: of.entries.length } : {};
    const about = { entries: size, first: range.first ?? 1, last: range.last ?? size, ...own };
    const sign = this.checkpoints.signText.bind(this.checkpoints);
    return evidencePack({ parts, sign, about, now: this.stages.clock.now() });
  }

  /** Records who takes what with them; the entry comes after what is taken. */
  async recordTaken(
    what: 'export' | 'pack',
    actor: Actor,
    { first, last }: ExportRange,
    model: string | null = null,
  ): Promise<void> {
    const { ledger } = this.stages;
    const range = { what, first: first ?? 1, last: last ?? ledger.size };
    const data = model === null ? range : { ...range, model };
    const subject = { type: 'ledger', id: 'ledger' };
    await ledger.transact((at) => [{ action: 'audit.exported', actor, at, subject, data }]);
  }

  /** How many rows of the ledger somebody else wrote, and nobody looked into. */
  get openRefusals(): number {
    const { ledger, refusals } = this.stages;
    return refusals.openOf(ledger.refused).length;
  }

  /** Rows of the ledger that somebody else wrote, each once. */
  refusals(): readonly (Refusal & { readonly isReviewed: boolean })[] {
    const { ledger, refusals } = this.stages;
    const reviewed = new Set(refusals.reviewed.map(({ hash }) => hash));
    const all = [...refusals.reviewed, ...refusals.open, ...ledger.refused];
    const once = new Map(all.map((one) => [one.hash, one]));
    return [...once.values()].map((one) => ({ ...one, isReviewed: reviewed.has(one.hash) }));
  }

  /** A person looked into all of them that are open; how many these were. */
  async reviewRefusals(actor: Actor, note: string): Promise<number> {
    const { ledger, refusals } = this.stages;
    let reviewed = 0;
    await ledger.transact((now) => refusals.record(ledger.refused, now));
    await ledger.transact((now) => {
      reviewed = refusals.open.length;
      return refusals.look(actor, note, now);
    });
    return reviewed;
  }

  /** Judged windows that somebody changed in the store, and nobody looked into. */
  get changes(): readonly WrittenWindow[] {
    return this.stages.changedWindows.open;
  }

  /** The same, and those that somebody looked into and that were not found as they were judged since. */
  get knownChanges(): readonly KnownChange[] {
    return this.stages.changedWindows.all;
  }

  /** What people said of changed windows, the newest first. */
  get changesReviews(): readonly ChangesReview[] {
    return this.stages.changedWindows.reviews.toReversed();
  }

  /** A person looked into all of them that are open; how many these were. */
  async reviewChanges(actor: Actor, note: string): Promise<number> {
    const { ledger, changedWindows } = this.stages;
    let reviewed = 0;
    await ledger.transact((at) => {
      const { open } = changedWindows;
      reviewed = open.length;
      const upTo = open.at(-1)?.seq;
      if (upTo === undefined) return [];
      const data = { upTo, note, windows: reviewed };
      return [{ action: 'window.changes_reviewed', actor, at, subject: { type: 'ledger', id: 'ledger' }, data }];
    });
    return reviewed;
  } // prettier-ignore
}

import { CodedError } from '../domain/coded-error.js';
import type { Json } from '../domain/ledger-entry.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { riskTier } from '../domain/model.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import type { ErasedPredictions } from '../records/erased-predictions.js';
import { PERSON_SUBJECT, type Erasure } from '../records/erasures.js';
import { mayErase, type ErasureDecision } from '../records/may-erase.js';
import type { PersonHashes } from '../records/person-hash.js';
import { heldRuns } from './held-runs.js';
import { PERSON_TABLES } from './erase-sql.js';
import { eraseSamples } from './erase-samples.js';
import { PendingErasures } from './pending-erasures.js';
import { PersonRows, type PersonModel } from './person-rows.js';
import type { Stages } from './stages.js';

/** An erasure that cannot be asked for so. */
class ErasureRefused extends CodedError {
  override readonly name = 'ErasureRefused';
  constructor(
    readonly code: 'no_subject' | 'second_person_needed' | 'held',
    override readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

export interface ErasingParts {
  readonly stages: Stages;
  readonly hashes: PersonHashes;
  readonly predictions: ErasedPredictions;
  /** Where it is kept whom an erasure under way is about. */
  readonly folder: string;
  /** Resolves when everything that was taken until now is stored. */
  readonly written: () => Promise<void>;
  /** How long other processes of the store may take to hear of it, ms; 0 where there is none. */
  readonly othersMs: number;
}

/** How often it is looked whether more has come meanwhile. */
const PASSES = 5;
const DAY = 86_400_000;

/** Takes everything about a person out of the store: asked for once, gone on with until nothing is left, and recorded without saying who it was. */
export class Erasing {
  private readonly rows: PersonRows;
  private readonly pending: PendingErasures;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: ErasingParts) {
    const { stages, hashes, predictions } = parts;
    this.rows = new PersonRows(stages.database, hashes, predictions);
    this.pending = new PendingErasures(parts.folder);
  }

  /** What would go, by table; nothing is changed. */
  async look(subject: string): Promise<Readonly<Record<string, number>>> {
    return this.rows.count(subjectOf(subject));
  }

  /** Models with rows about a person, and the span of their times. */
  async modelsOf(subject: string): Promise<readonly PersonModel[]> {
    return this.rows.models(subjectOf(subject));
  }

  /** What stands for a person in the ledger. */
  hashOf(subject: string): string {
    return this.parts.hashes.ofPerson(subjectOf(subject));
  }

  /**
   * Erases a person and answers when it is done, or goes on later where rows are still in use. Throws ReasonMissing, and ErasureRefused where it needs a
   * second person, which is recorded.
   */
  async ask(subject: string, reason: string, by: Person): Promise<Erasure> {
    const why = reasonOf(reason, 'reason', 'what is erased cannot be brought back');
    const hash = this.hashOf(subject);
    await this.pending.keep(hash, subject);
    const decision = await this.decide({ hash, reason: why, by }, await this.rows.models(subject));
    if (decision.kind === 'second_person') {
      await this.pending.forget(hash);
      throw new ErasureRefused(
        'second_person_needed',
        'subject',
        `${decision.models.join(', ')} ${decision.models.length === 1 ? 'is' : 'are'} of high risk: another person has to ask for the same; it is recorded that you did`,
      );
    }
    if (decision.kind === 'held') {
      await this.pending.forget(hash);
      throw new ErasureRefused('held', 'subject', heldText(decision));
    }
    await this.inTurn(async () => this.erase(hash, subject));
    return this.load(hash);
  }

  /** Goes on with what this process was stopped in, or was waiting for. */
  async resume(): Promise<void> {
    await this.parts.predictions.follow(this.parts.stages.erasures.version);
    for (const [hash, subject] of await this.pending.list())
      if (this.parts.stages.erasures.find(hash)?.state === 'RUNNING')
        await this.inTurn(async () => this.erase(hash, subject));
      else await this.pending.forget(hash);
  }

  private load(hash: string): Erasure {
    const found = this.parts.stages.erasures.find(hash);
    if (!found) throw new Error('an erasure that was recorded is not known');
    return found;
  }

  private async decide(
    wish: Parameters<typeof mayErase>[0],
    found: readonly PersonModel[],
  ): Promise<ErasureDecision> {
    const { erasures, legalHolds, registry, ledger, personOf } = this.parts.stages;
    const models = found.flatMap(({ model }) => {
      const known = registry.find(model);
      return known ? [{ key: model, tier: riskTier(known.model.risk) }] : [];
    });
    let decision: ErasureDecision = { kind: 'going' };
    const kept = () => legalHolds.keeping(wish.hash, found).map(({ id }) => id);
    await ledger.transact((now) => {
      const known = erasures.find(wish.hash);
      decision = mayErase(wish, { known, models, holds: kept(), personOf }, now);
      return decision.kind === 'going' ? [] : decision.entries;
    });
    return decision;
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async erase(hash: string, subject: string): Promise<void> {
    const { stages, written, othersMs } = this.parts;
    const erasure = hash.slice(0, 32);
    await written();
    for (let pass = 0; pass < PASSES && (await this.remove(subject, erasure)); pass++) await written();
    const { startedAt, state } = this.load(hash);
    // Others may have taken rows before they heard of it: the next beat looks again.
    const isEarly = othersMs > 0 && stages.clock.now().getTime() - (startedAt?.getTime() ?? 0) < othersMs;
    if (state !== 'RUNNING' || isEarly || (await this.isLeft(subject))) return;
    await this.finish(hash, erasure);
  }

  private async isLeft(subject: string): Promise<boolean> {
    return Object.values(await this.rows.count(subject)).some((rows) => rows > 0);
  }

  /** One pass over all tables; false when there was nothing to do. */
  private async remove(subject: string, erasure: string): Promise<boolean> {
    const counts = await this.rows.count(subject);
    if (Object.values(counts).every((rows) => rows === 0)) return false;
    await this.rows.note(subject, erasure);
    for (const { model } of await this.rows.models(subject)) {
      const known = this.parts.stages.registry.find(model);
      if (known) await eraseSamples(this.parts.stages, known.model, subject);
    }
    for (const table of PERSON_TABLES) if (counts[table] > 0) await this.rows.remove(table, erasure);
    return true;
  }

  private async finish(hash: string, erasure: string): Promise<void> {
    const { ledger, erasures, trainingFiles, retrainings } = this.parts.stages;
    const { rows, models } = await this.rows.noted(erasure);
    const manifestOf = retrainings.manifestOf.bind(retrainings);
    const trainingRuns = [...heldRuns(retrainings.list(), manifestOf, models)];
    await ledger.transact((at) => {
      const known = erasures.find(hash);
      if (known?.state !== 'RUNNING') return [];
      const { reason } = known;
      const data = { reason, rows, models: Object.fromEntries(models.map(spanOf)), trainingRuns };
      const subject = { type: PERSON_SUBJECT, id: hash };
      return [{ action: 'subject.erased', actor: SYSTEM, at, subject, data }];
    });
    await trainingFiles.sweep((id) => !erasures.touched(id));
    await this.rows.forget(erasure);
    await this.pending.forget(hash);
  }
}

function heldText({ entries }: Pick<Extract<ErasureDecision, { kind: 'held' }>, 'entries'>): string {
  const holds = entries.flatMap(({ data }) => data['holds'] ?? []).flat();
  return `what would have to go is held by ${holds.map(String).join(', ')}: see tidewatch hold list; the refusal is recorded`;
}

/** By whole days: when exactly somebody was judged is about that person too. */
function spanOf({ model, rows, first, last }: PersonModel): readonly [string, Json] {
  const day = (at: number) => new Date(Math.floor(at / DAY) * DAY).toISOString();
  return [model, { rows, from: day(first.getTime()), to: day(last.getTime() + DAY) }];
}

function subjectOf(subject: string): string {
  if (subject !== '') return subject;
  throw new ErasureRefused(
    'no_subject',
    'subject',
    'subject: say who, as events name the person in `subject`',
  );
}

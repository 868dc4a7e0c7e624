import { CodedError } from '../domain/coded-error.js';
import { type Actor, type Json } from '../domain/ledger-entry.js';
import { riskTier } from '../domain/model.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import type { ErasedPredictions } from '../records/erased-predictions.js';
import { PERSON_SUBJECT, type Erasure } from '../records/erasures.js';
import type { LegalHold } from '../records/legal-holds.js';
import { mayErase, type ErasureDecision, type ErasureFacts, type ErasureWish } from '../records/may-erase.js';
import type { PersonHashes } from '../records/person-hash.js';
import { heldRuns } from './held-runs.js';
import { PERSON_TABLES } from './erase-sql.js';
import { erasureId } from './erased-marks.js';
import { lookBeforeErasing } from './look-before-erasing.js';
import { eraseSamples } from './erase-samples.js';
import { PendingErasures } from './pending-erasures.js';
import { PersonRows, type ErasedRows, type PersonModel } from './person-rows.js';
import type { Stages } from './stages.js';

/** An erasure that cannot be asked for so. */
class ErasureRefused extends CodedError {
  override readonly name = 'ErasureRefused';
  constructor(
    readonly code: 'no_subject' | 'second_person_needed' | 'held' | 'nobody_found',
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

/** Why somebody is to be erased. */
interface Wanted {
  readonly reason: string;
  /** Begin though nothing is stored about the person, so that what comes is refused. */
  readonly evenIfAbsent?: boolean;
}

/** What would become of a wish. */
export interface ErasureOutlook {
  readonly kind: ErasureDecision['kind'];
  /** What keeps rows of the person. */
  readonly holds: readonly LegalHold[];
  /** Models of high risk with rows of the person: two people have to ask. */
  readonly highRisk: readonly string[];
  /** Who asked already and waits for a second person. */
  readonly firstAskedBy: Actor | null;
  /** The erasure that was done before. */
  readonly before: Erasure | null;
}

const ABSENT =
  'nothing that is stored is about this person: nothing was erased, and nothing recorded. Write the name as events do in `subject`; to refuse what may come of them all the same, ask with evenIfAbsent (--even-if-absent)';

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
    return this.rows.countNotable(subjectOf(subject));
  }

  /** What would become of a wish of this person; nothing is changed, and nothing recorded. */
  async outlook(subject: string, by: Person): Promise<ErasureOutlook> {
    const { legalHolds, clock } = this.parts.stages;
    const hash = this.hashOf(subject);
    const found = await this.rows.models(subject);
    const wish = { hash, reason: '', by, evenIfAbsent: false };
    const facts = this.factsOf(hash, found, !(await this.isLeft(subject)));
    const { known, models } = facts;
    const decision = mayErase(wish, facts, clock.now());
    return {
      kind: decision.kind,
      holds: legalHolds.keeping(hash, found),
      highRisk: models.flatMap(({ key, tier }) => (tier === 'HIGH' ? [key] : [])),
      firstAskedBy: known?.state === 'PROPOSED' ? known.askedBy : null,
      before: known?.state === 'DONE' ? known : null,
    };
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
   * Erases a person and answers when it is done, or goes on later where rows are still in use; who was erased before and has not come since is answered with
   * that. Throws ReasonMissing, and ErasureRefused where it needs a second person or is held, which is recorded, and where nothing is stored.
   */
  async ask(subject: string, { reason, evenIfAbsent = false }: Wanted, by: Person): Promise<Erasure> {
    const why = reasonOf(reason, 'reason', 'what is erased cannot be brought back');
    const hash = this.hashOf(subject);
    await this.pending.keep(hash, subject);
    const decision = await this.decide({ hash, reason: why, by, evenIfAbsent }, subject);
    if (decision.kind === 'go' || decision.kind === 'going')
      await this.inTurn(async () => this.erase(hash, subject));
    else await this.pending.forget(hash);
    demandDecided(decision);
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

  private async decide(wish: ErasureWish, subject: string): Promise<ErasureDecision> {
    const { ledger } = this.parts.stages;
    await this.parts.written();
    const found = await this.rows.models(subject);
    const isAbsent = !(await this.isLeft(subject));
    let decision: ErasureDecision = { kind: 'going' };
    await ledger.transact((now) => {
      decision = mayErase(wish, this.factsOf(wish.hash, found, isAbsent), now);
      return 'entries' in decision ? decision.entries : [];
    });
    return decision;
  }

  private factsOf(hash: string, found: readonly PersonModel[], isAbsent: boolean): ErasureFacts {
    const { erasures, legalHolds, personOf, makersOf } = this.parts.stages;
    const holds = legalHolds.keeping(hash, found).map(({ id }) => id);
    return { known: erasures.find(hash), models: this.tiersOf(found), holds, isAbsent, personOf, makersOf };
  }

  private tiersOf(found: readonly PersonModel[]): ErasureFacts['models'] {
    return found.flatMap(({ model }) => {
      const known = this.parts.stages.registry.find(model);
      return known ? [{ key: model, tier: riskTier(known.model.risk) }] : [];
    });
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async erase(hash: string, subject: string): Promise<void> {
    const { stages, written, othersMs } = this.parts;
    const erasure = erasureId(hash);
    await written();
    for (const { model } of await this.rows.models(subject)) {
      const known = stages.registry.find(model);
      if (known) await lookBeforeErasing(stages, known.model, subject);
    }
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
    const { rows, models, isByWindow } = await this.rows.noted(erasure);
    const manifestOf = retrainings.manifestOf.bind(retrainings);
    const trainingRuns = [...heldRuns(retrainings.list(), manifestOf, models)];
    await ledger.transact((at) => {
      const known = erasures.find(hash);
      if (known?.state !== 'RUNNING') return [];
      const { reason, askedBy: actor, approvedBy } = known;
      const people = { askedBy: { ...actor }, approvedBy: approvedBy && { ...approvedBy } };
      const own = { reason, ...people, rows, models: Object.fromEntries(models.map(spanOf)), trainingRuns };
      const data = isByWindow ? { layout: 2, ...own } : own;
      const subject = { type: PERSON_SUBJECT, id: hash };
      return [{ action: 'subject.erased', actor, at, subject, data }];
    });
    await trainingFiles.sweep((id) => !erasures.touched(id));
    await this.rows.forget(erasure);
    await this.pending.forget(hash);
  }
}

/** Throws ErasureRefused where a decision is none to begin, nor says that it was done. */
function demandDecided(decision: ErasureDecision): void {
  switch (decision.kind) {
    case 'second_person': {
      const are = decision.models.length === 1 ? 'is' : 'are';
      const who = `${decision.models.join(', ')} ${are} of high risk`;
      const why = `${who}: another person has to ask for the same; it is recorded that you did`;
      throw new ErasureRefused('second_person_needed', 'subject', why);
    }
    case 'held':
      throw new ErasureRefused('held', 'subject', heldText(decision));
    case 'absent':
      throw new ErasureRefused('nobody_found', 'subject', ABSENT);
    case 'go':
    case 'going':
    case 'done':
  }
}

function heldText({ entries }: Pick<Extract<ErasureDecision, { kind: 'held' }>, 'entries'>): string {
  const holds = entries.flatMap(({ data }) => data['holds'] ?? []).flat();
  return `what would have to go is held by ${holds.map(String).join(', ')}: see tidewatch hold list; the refusal is recorded`;
}

/** By whole days, and how many rows of each: when exactly somebody was judged is about that person too. */
function spanOf({ model, rows, first, last, days, marks }: ErasedRows): readonly [string, Json] {
  const day = (at: number) => new Date(Math.floor(at / DAY) * DAY).toISOString();
  const span = { rows, from: day(first.getTime()), to: day(last.getTime() + DAY), days };
  return [model, marks === null ? span : { ...span, marks }];
}

function subjectOf(subject: string): string {
  if (subject !== '') return subject;
  throw new ErasureRefused(
    'no_subject',
    'subject',
    'subject: say who, as events name the person in `subject`',
  );
}

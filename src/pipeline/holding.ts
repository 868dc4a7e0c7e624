import { riskTier } from '../domain/model.js';
import { areTwo, type Person } from '../domain/person.js';
import { HoldRefused, placeHold, type LegalHold } from '../records/legal-holds.js';
import type { Erasing } from './erasing.js';
import type { Stages } from './stages.js';

/** What somebody wants to be held, as people say it. */
export interface HoldRequest {
  readonly model: string | null;
  readonly since: Date | null;
  readonly until: Date | null;
  /** The person as events name them. */
  readonly subject: string | null;
  readonly reason: string;
}

const DAY = 86_400_000;

/** Holds are placed and released here. */
export class Holding {
  constructor(
    private readonly stages: Pick<
      Stages,
      'ledger' | 'erasures' | 'legalHolds' | 'registry' | 'personOf' | 'makersOf'
    >,
    private readonly erasing: Erasing,
  ) {}

  /** Throws HoldRefused and ReasonMissing. */
  async place(request: HoldRequest, by: Person): Promise<LegalHold> {
    const { registry, ledger, legalHolds, erasures } = this.stages;
    const { model, subject } = request;
    if (model !== null && !registry.find(model)) throw this.unknownModel(model);
    const person = subject === null ? null : this.erasing.hashOf(subject);
    if (person !== null && erasures.find(person)?.state === 'RUNNING')
      throw new HoldRefused(
        'bad_hold',
        'subject',
        'subject: this person is being erased, which cannot be stopped',
      );
    const days = subject === null ? [] : await this.daysOf(subject, model);
    let id = '';
    await ledger.transact((now) => {
      const placed = placeHold({ ...request, person, days }, by, now);
      id = placed.id;
      return [placed.entry];
    });
    return loaded(legalHolds.find(id));
  }

  /** Throws HoldRefused, also for whoever placed it where it keeps data of a model of high risk, and ReasonMissing. */
  async release(request: { readonly id: string; readonly reason: string }, by: Person): Promise<LegalHold> {
    const { ledger, legalHolds } = this.stages;
    await ledger.transact((now) => {
      const released = legalHolds.release(request, by, now);
      this.demandOther(loaded(legalHolds.find(request.id)), by);
      return [released];
    });
    return loaded(legalHolds.find(request.id));
  }

  private demandOther(hold: LegalHold, by: Person): void {
    const { registry, legalHolds, personOf, makersOf } = this.stages;
    const isHeld = (model: string) => legalHolds.spansOf(model).some((span) => span.hold === hold.id);
    const high = registry.models().filter(({ model }) => riskTier(model.risk) === 'HIGH' && isHeld(model.key));
    const acting = (id: string) => ({ person: personOf(id), makers: makersOf(id) });
    if (high.length === 0 || areTwo(acting(hold.placedBy.id), acting(by.actor.id))) return;
    const named = high.map(({ model }) => model.key).join(', ');
    throw new HoldRefused(
      'second_person_needed',
      'id',
      `${hold.id} keeps data of models of high risk (${named}): somebody else than who placed it, with a key that they did not make, has to release it`,
    );
  } // prettier-ignore

  /** Whole days: when exactly somebody was judged is about that person too. */
  private async daysOf(subject: string, model: string | null): Promise<LegalHold['days']> {
    const found = await this.erasing.modelsOf(subject);
    const day = (at: number) => new Date(Math.floor(at / DAY) * DAY);
    return found
      .filter((one) => model === null || one.model === model)
      .map(({ model: of, first, last }) => ({
        model: of,
        since: day(first.getTime()),
        until: day(last.getTime() + DAY),
      }));
  }

  private unknownModel(model: string): HoldRefused {
    const known = this.stages.registry.models().map((one) => one.model.key);
    const listed = known.length === 0 ? 'there is none' : `known: ${known.join(', ')}`;
    return new HoldRefused('bad_hold', 'model', `model: "${model}" is not known; ${listed}`);
  }
}

function loaded(hold: LegalHold | undefined): LegalHold {
  if (hold) return hold;
  throw new Error('a hold that was recorded is not known');
}

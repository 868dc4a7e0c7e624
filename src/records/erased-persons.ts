import type { Clock } from '../domain/clock.js';
import type { ErasedPredictions } from './erased-predictions.js';
import type { Erasures } from './erasures.js';
import type { PersonHashes } from './person-hash.js';

export interface ErasedPersonsParts {
  readonly erasures: Erasures;
  readonly predictions: ErasedPredictions;
  readonly hashes: PersonHashes;
  readonly clock: Clock;
  /** For how long what comes of an erased person is refused, ms; null is for ever. */
  readonly refuseForMs: number | null;
}

/** Whether something that comes in is about somebody who was erased. */
export class ErasedPersons {
  constructor(private readonly parts: ErasedPersonsParts) {}

  /** Nobody was erased: nothing has to be looked at. Others may have erased somebody since; `follow` hears of it. */
  get isEmpty(): boolean {
    return this.parts.erasures.version === 0;
  }

  async follow(): Promise<void> {
    await this.parts.predictions.follow(this.parts.erasures.version);
  }

  /** Place of the entry by which what comes of this person is refused; null where it is not. */
  person(subject: string): number | null {
    const { erasures, hashes, clock, refuseForMs } = this.parts;
    return erasures.refusedBy(hashes.ofPerson(subject), refuseForMs, clock.now());
  }

  /** Whether a prediction was erased, whoever it was of. */
  hasPrediction(model: string, id: string): boolean {
    return this.parts.predictions.has(this.parts.hashes.ofPrediction(model, id));
  }
}

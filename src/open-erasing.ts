import { join } from 'node:path';
import type { Config } from './config/config.js';
import type { Clock } from './domain/clock.js';
import type { Folds } from './folds.js';
import type { EventWriter } from './ingest/landing/event-writer.js';
import { Erasing } from './pipeline/erasing.js';
import type { Stages } from './pipeline/stages.js';
import { ErasedPersons } from './records/erased-persons.js';
import { ErasedPredictions } from './records/erased-predictions.js';
import { PersonHashes } from './records/person-hash.js';
import type { Database } from './store/database.js';

interface Surroundings {
  readonly config: Config;
  readonly clock: Clock;
}

/** Who was erased, and how they are known. */
export interface Persons {
  readonly hashes: PersonHashes;
  readonly predictions: ErasedPredictions;
  readonly erased: ErasedPersons;
}

/** Every process of a store knows erased persons by the same hashes: they are keyed by what all of them share. */
export function personsOf(
  { config, clock }: Surroundings,
  database: Database,
  { folds: { erasures }, callbackSecret }: { readonly folds: Folds; readonly callbackSecret: string },
): Persons {
  const hashes = new PersonHashes(callbackSecret);
  const predictions = new ErasedPredictions(database);
  const refuseForMs = config.TIDEWATCH_REFUSE_ERASED ?? null;
  const erased = new ErasedPersons({ erasures, predictions, hashes, clock, refuseForMs });
  return { hashes, predictions, erased };
}

/** What takes persons out of the store of these stages. */
export function erasingOf(
  stages: Stages,
  { hashes, predictions }: Persons,
  { config, writer }: { readonly config: Config; readonly writer: EventWriter },
): Erasing {
  return new Erasing({
    stages,
    hashes,
    predictions,
    folder: join(config.TIDEWATCH_DATA_DIR, 'erasing'),
    written: async () => writer.written(),
    othersMs: stages.replicas.isShared ? config.TIDEWATCH_REPLICA_LEASE : 0,
  });
}

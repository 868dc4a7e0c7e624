import type { NewEntry } from '../domain/ledger-entry.js';
import type { Deliveries } from '../notify/deliveries.js';
import { deliveryEntry } from '../notify/delivery-entries.js';
import type { DeliveryState } from '../notify/delivery.js';
import { cancelRetraining, type Word } from '../retraining/by-hand.js';
import type { Stages } from './stages.js';

/** What is being sent ends by its own answer, and what has ended stays ended. */
const WAITING: ReadonlySet<DeliveryState> = new Set(['queued', 'retry', 'ambiguous']);

/** A person calls off a training that goes on; its request is sent no more. Throws RetrainingRefusal where there is none, or no reason is given. */
function callOffTraining(
  { retrainings, deliveries }: Pick<Stages, 'retrainings' | 'deliveries'>,
  word: Word,
  now: Date,
): readonly NewEntry[] {
  return [...cancelRetraining(retrainings, word, now), ...requestEnded(deliveries, word.id, now)];
}

/** The same, and its orchestrator is told to stop it; whether it does or not, what the job says from here on is not taken. */
export async function callOff(
  stages: Pick<Stages, 'ledger' | 'deliveries' | 'retrainings' | 'runWatch'>,
  word: Word,
): Promise<void> {
  await stages.ledger.transact((now) => callOffTraining(stages, word, now));
  const run = stages.retrainings.find(word.id);
  if (run) await stages.runWatch.stop(run);
}

function requestEnded(deliveries: Deliveries, id: string, now: Date): readonly NewEntry[] {
  const delivery = deliveries.find(id);
  if (!delivery || !WAITING.has(delivery.state)) return [];
  const { attempts: attempt } = delivery;
  const failure = { attempt, code: 'called_off', error: 'the training was called off' };
  return [deliveryEntry(id, { action: 'delivery.dead', ...failure, disable: false }, now)];
}

import type { NewEntry } from '../domain/ledger-entry.js';
import type { Checkpoints } from '../ledger/checkpoints.js';
import type { RegisteredModel } from '../registry/registry.js';
import { expireRetrainings } from '../retraining/callback.js';
import { decideScheduledRetraining } from '../retraining/decide.js';
import { retrainContext } from './evaluate-window.js';
import type { Stages } from './stages.js';

/** What time alone brings about: runs that did not answer, models that are due for training, the next signed checkpoint. */
export async function keepHouse(stages: Stages, checkpoints: Checkpoints): Promise<void> {
  const { ledger, retrainings, registry } = stages;
  await ledger.transact((now) => [
    ...expireRetrainings(retrainings, now),
    ...registry.models().flatMap((registered) => scheduled(stages, registered, now)),
  ]);
  await checkpoints.sign(ledger.tree);
}

function scheduled(stages: Stages, registered: RegisteredModel, now: Date): readonly NewEntry[] {
  const newest = registered.versions.at(-1);
  if (!newest) return [];
  const context = {
    ...retrainContext(stages, registered.model),
    version: newest.version,
    trainedAt: newest.firstSeenAt,
  };
  return decideScheduledRetraining(stages.retrainings, context, now);
}

import type { CheckName } from '../domain/check-result.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Checkpoints } from '../ledger/checkpoints.js';
import type { RegisteredModel } from '../registry/registry.js';
import { expireRetrainings } from '../retraining/callback.js';
import { decideScheduledRetraining } from '../retraining/decide.js';
import { proveRetrainings } from '../retraining/prove.js';
import { retrainContext } from './evaluate-window.js';
import type { Stages } from './stages.js';
import { trackOfCheck } from './track.js';

/** What time alone brings about: runs that did not answer, models that are due for training, the next signed checkpoint. */
export async function keepHouse(stages: Stages, checkpoints: Checkpoints): Promise<void> {
  const { ledger, retrainings, registry } = stages;
  await ledger.transact((now) => [
    ...expireRetrainings(retrainings, now),
    ...registry
      .models()
      .flatMap((registered) => [...proven(stages, registered, now), ...scheduled(stages, registered, now)]),
  ]);
  await checkpoints.sign(ledger.tree);
}

function proven(
  { retrainings, incidents, book }: Stages,
  { model }: RegisteredModel,
  now: Date,
): readonly NewEntry[] {
  const open = incidents.open().filter(({ signal }) => signal.model === model.key);
  const judged = (version: string, check: CheckName) =>
    book.judgedWindows(model.key, version, trackOfCheck(check));
  return proveRetrainings(retrainings, { model: model.key, open, judged }, now);
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

import { groupBy } from '../domain/group-by.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Checkpoints } from '../ledger/checkpoints.js';
import { vouch } from '../ledger/vouch.js';
import type { RegisteredModel } from '../registry/registry.js';
import { expireRetrainings } from '../retraining/callback.js';
import { decideDeferred } from '../retraining/decide-deferred.js';
import { decideScheduledRetraining } from '../retraining/decide.js';
import { dataSettingsOf, settingsOf } from '../retraining/guards.js';
import { retrainContext, type TrainingParts } from './evaluate-window.js';
import { endApprovals } from './answer-approval.js';
import { callPeople } from './call-people.js';
import { releaseHeld } from './release-held.js';
import { NewVersions } from './new-versions.js';
import { countWithout, proveRuns, type OpenNow } from './prove-runs.js';
import type { Stages } from './stages.js';
import { tellApprovals } from './tell-approvals.js';
import { tellCheckpoint } from './tell-checkpoint.js';
import { tellDeadlines } from './tell-deadlines.js';
import { tellLedger } from './tell-ledger.js';
import { tellTrainings } from './tell-trainings.js';

/** What time alone brings about: runs that did not answer, models that are due for training or were put off, the next signed checkpoint. */
export async function keepHouse(stages: Stages, checkpoints: Checkpoints): Promise<void> {
  const { ledger, retrainings, incidents } = stages;
  stages.channelFile.refresh();
  await countLabels(stages);
  await countWithout(stages);
  await stages.runWatch.look();
  await ledger.transact((now) => {
    const open = groupBy(incidents.open(), ({ signal }) => signal.model);
    return [
      ...expireRetrainings(retrainings, now),
      ...inTraining(stages).flatMap((registered) => {
        const own = { open: open.get(registered.model.key) ?? [], now };
        const place = { model: registered.model.key, version: null, step: 'retrain' } as const;
        return stages.faults.fenceNow(place, [], () => [
          ...proveRuns(stages, registered, own),
          ...deferred(stages, registered, own),
          ...scheduled(stages, registered, own),
        ]);
      }),
    ];
  });
  await ledger.transact((now) => [...endApprovals(stages, now), ...stages.policyBook.due(now)]);
  await new NewVersions(stages).look();
  // What just ended is known only now.
  await ledger.transact((now) => [...tellTrainings(stages, now), ...tellApprovals(stages, now), ...tellDeadlines(stages, now)]); // prettier-ignore
  await stages.trainingFiles.sweep((id) => isKept(stages, id));
  await ledger.transact((now) => releaseHeld(stages, now));
  await ledger.transact((now) => callPeople(stages, now));
  await ledger.transact((now) => tellLedger(stages, now));
  await vouch(
    { ledger, checkpoints, log: stages.log.of('ledger'), metrics: stages.metrics },
    stages.clock.now(),
  );
  await ledger.transact((now) => tellCheckpoint(stages, checkpoints, now));
}

/** This process's models that have a run, wait for one, or are to be trained by the calendar: of thousands these are few. */
function inTraining({
  registry,
  retrainings,
  replicas,
  guards,
}: Pick<Stages, 'registry' | 'replicas' | 'retrainings' | 'guards'>): readonly RegisteredModel[] {
  const known = retrainings.models();
  const isAsked = (key: string) => known.has(key) || (settingsOf(guards, key)?.atLeastEvery ?? null) !== null;
  return registry.models().filter(({ model: { key } }) => isAsked(key) && replicas.holds(key));
}

/** Files of a run are there until it ended, and some time longer; those with rows of somebody who was erased go at once. */
function isKept(
  { retrainings, guards, clock, erasures }: Pick<Stages, 'clock' | 'erasures' | 'retrainings' | 'guards'>,
  id: string,
): boolean {
  const run = retrainings.find(id);
  if (!run || erasures.touched(id)) return false;
  const { keepFiles } = dataSettingsOf(guards, run.model);
  return run.finishedAt === null || clock.now().getTime() - run.finishedAt.getTime() < keepFiles;
}

/** Only where a training waits for a number of labels, or for any; the count is of those since the model's last run that a job has got. */
async function countLabels({
  registry,
  retrainings,
  guards,
  newLabels,
  clock,
  replicas,
}: Pick<Stages, 'clock' | 'registry' | 'replicas' | 'retrainings' | 'guards' | 'newLabels'>): Promise<void> {
  const wishes = registry.models().flatMap(({ model: { key } }) => {
    const least = settingsOf(guards, key)?.minLabels;
    if (least === undefined || !replicas.holds(key)) return [];
    const since = retrainings.lastTrainedAt(key);
    // Before the first training it counts whether there are any.
    return least > 0 || since === null ? [{ model: key, since, least }] : [];
  });
  await newLabels.refresh(wishes, clock.now());
}

function deferred(
  stages: TrainingParts & Pick<Stages, 'retrainings'>,
  { model }: RegisteredModel,
  { open, now }: OpenNow,
): readonly NewEntry[] {
  return decideDeferred(stages.retrainings, retrainContext(stages, model, open), now);
}

function scheduled(
  stages: TrainingParts & Pick<Stages, 'retrainings'>,
  registered: RegisteredModel,
  { open, now }: OpenNow,
): readonly NewEntry[] {
  const champion = registered.versions.find(({ stage }) => stage === 'champion');
  if (!champion?.firstSeenAt) return [];
  const context = {
    ...retrainContext(stages, registered.model, open),
    version: champion.version,
    trainedAt: champion.firstSeenAt,
  };
  return decideScheduledRetraining(stages.retrainings, context, now);
}

import { knownStage } from '../domain/known-stage.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { ANSWERING } from '../domain/model.js';
import { endProved } from '../incidents/end-proved.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { RegisteredModel } from '../registry/registry.js';
import { isCauseOf, PROVEN_WINDOWS, proveRetrainings, unprovenRuns } from '../retraining/prove.js';
import { partsOfSeries, versionMade, type Retraining } from '../retraining/retraining.js';
import { decideMessages } from './decide-messages.js';
import type { Stages } from './stages.js';
import type { AskedRun } from './windows-without.js';

/** The open incidents of a model. */
export interface OpenNow {
  readonly open: readonly IncidentRecord[];
  readonly now: Date;
}

/** So many of a version's newest windows are looked at, at the most. */
const LOOKED_AT = 50 * PROVEN_WINDOWS;

/** Counts the windows that versions of unproven runs answered without their problem; {@link proveRuns} goes by the count. */
export async function countWithout(
  stages: Pick<Stages, 'registry' | 'replicas' | 'book' | 'retrainings' | 'windowsWithout'>,
): Promise<void> {
  const { registry, replicas, retrainings, windowsWithout } = stages;
  const known = retrainings.models();
  const own = registry.models().filter(({ model: { key } }) => known.has(key) && replicas.holds(key));
  await windowsWithout.refresh(own.flatMap((registered) => askedRuns(stages, registered)));
}

/** In shadow nobody is told of a problem, so nothing is shown: windows count from when the version answers. */
function askedRuns(
  { retrainings, book }: Pick<Stages, 'book' | 'retrainings'>,
  { model, versions }: RegisteredModel,
): readonly AskedRun[] {
  const known = (version: string) => versions.find((one) => one.version === version);
  const answers = (version: string) => ANSWERING.has(knownStage(versions, version));
  return unprovenRuns(retrainings, model.key, answers).flatMap((run) => {
    const version = versionMade(run) ?? '';
    const since = known(version)?.answersSince;
    const end = book.closedTo(model.key, version);
    if (!since || end === null || run.series.length === 0) return [];
    const judged = (['inputs', 'labels'] as const).map((track) =>
      book.judgedWindows(model.key, version, track),
    );
    return {
      id: run.id,
      model: model.key,
      version,
      since: new Date(Math.max(since.getTime(), end - LOOKED_AT * model.window)),
      series: run.series.map(partsOfSeries),
      asOf: [end, ...judged].join(' '),
    };
  });
}

/** Runs whose version has shown that it helped, and the end of the incidents that they were asked for: nothing else could say that they are over. */
export function proveRuns(
  stages: Stages,
  { model: { key: model } }: RegisteredModel,
  { open, now }: OpenNow,
): readonly NewEntry[] {
  const without = ({ id }: Retraining) => stages.windowsWithout.of(id);
  const proved = proveRetrainings(stages.retrainings, { model, open, without }, now);
  const ends = proved.flatMap(({ subject, data }) => {
    const run = stages.retrainings.find(subject.id);
    const causes = run ? open.filter((incident) => isCauseOf(run, incident)) : [];
    const { entries, changes } = endProved(
      causes,
      typeof data['reason'] === 'string' ? data['reason'] : '',
      now,
    );
    return [...entries, ...decideMessages(stages, changes, now)];
  });
  return [...proved, ...ends];
}

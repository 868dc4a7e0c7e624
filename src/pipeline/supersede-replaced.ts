import { ANSWERING, ON_TRIAL } from '../domain/model.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { supersede, type Succession } from '../incidents/supersede.js';
import { heldAgainst, type RegisteredModel, type StageChange } from '../registry/registry.js';
import { isCauseOf, unprovenRuns } from '../retraining/prove.js';
import { windowStart } from '../windows/window.js';
import { decideMessages } from './decide-messages.js';
import { silenceOf } from './reference-terms.js';
import { replacement } from './silence-excuse.js';
import type { Stages } from './stages.js';

/**
 * Ends the open incidents of versions that another has taken over from. A version is held to be replaced after a silence that would be a
 * fault if nobody else answered, so that one that merely has few rows is not.
 */
export async function supersedeReplaced(stages: Stages, registered: RegisteredModel): Promise<void> {
  const { incidents, book, ledger } = stages;
  for (const version of book.versions(registered.model.key)) {
    if (incidents.active(registered.model.key, version).length === 0) continue;
    const succession = await successionOf(stages, registered, version);
    if (!succession) continue;
    await ledger.transact((now) => {
      stages.replicas.demand(registered.model.key);
      return endsOf(stages, succession, now);
    });
  }
}

/** Records that a version moved to another stage. One that is retired or put on trial has no open incidents: they end in the same breath. */
export async function changeStage(stages: Stages, change: StageChange): Promise<void> {
  await stages.ledger.transact((now) => stageEntries(stages, change, now));
}

/** The same as entries, for a transaction of more. Throws ModelNotFound and RegistryError. */
export function stageEntries(stages: Stages, change: StageChange, now: Date): readonly NewEntry[] {
  const { registry } = stages;
  const { model: key, version, stage, actor } = change;
  const changed = registry.stageChanged(change, now);
  if ((stage !== 'retired' && !ON_TRIAL.has(stage)) || changed.length === 0) return changed;
  const { window } = registry.load(key).model;
  // What the window under way still says is about the retired version's last minutes.
  const until = new Date(windowStart(now.getTime(), window) + window);
  const succession = { model: key, version, reason: `${stage}: ${change.reason}`, until, actor };
  return [...changed, ...endsOf(stages, succession, now)];
}

async function successionOf(
  { book, references }: Stages,
  registered: RegisteredModel,
  version: string,
): Promise<Succession | null> {
  const { model, versions } = registered;
  const silence = book.silence(model, version);
  if (!silence) return null;
  const baseline = await references.baselineOf(heldAgainst(registered, version));
  if (silence.to - silence.from < (silenceOf(baseline) ?? 0)) return null;
  const successors = book.successors(model.key, version, silence.to - model.window);
  const reason = replacement(version, versions, successors);
  return reason === null
    ? null
    : { model: model.key, version, reason, until: new Date(silence.from), actor: SYSTEM };
}

function endsOf(stages: Stages, succession: Succession, now: Date): readonly NewEntry[] {
  const { model } = succession;
  const versions = stages.registry.find(model)?.versions ?? [];
  const answers = (version: string) =>
    versions.some((one) => one.version === version && ANSWERING.has(one.stage));
  const runs = unprovenRuns(stages.retrainings, model, answers);
  const keeps = (incident: IncidentRecord) => runs.some((run) => isCauseOf(run, incident));
  const { entries, changes } = supersede(stages.incidents, { ...succession, keeps }, now);
  return [...entries, ...decideMessages(stages, changes, now)];
}

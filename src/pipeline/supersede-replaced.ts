import { ANSWERING, ON_TRIAL, riskTier, type ModelStage } from '../domain/model.js';
import { peopleNeeded } from '../approvals/approval-rules.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { supersede, type Succession } from '../incidents/supersede.js';
import { isSucceeded } from '../registry/champion-step.js';
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
    const open = incidents.active(registered.model.key, version);
    if (open.length === 0) continue;
    const keeps = keptOpen(stages, registered, version);
    if (open.every(keeps)) continue;
    const found = await successionOf(stages, registered, version);
    if (!found) continue;
    const succession = { ...found, keeps };
    await ledger.transact((now) => {
      stages.replicas.demand(registered.model.key);
      return endsOf(stages, succession, now);
    });
  }
}

/**
 * What of a version stays open whoever has taken over from it: what is critical where a person who closes it needs others, unless others agreed to the
 * champion of now. That somebody sends rows of another version, or moves this one aside, is one person's deed and no second yes.
 */
function keptOpen(
  { approvalRules }: Pick<Stages, 'approvalRules'>,
  { model, versions }: RegisteredModel,
  version: string,
): (incident: IncidentRecord) => boolean {
  if (peopleNeeded(approvalRules, 'CLOSE', riskTier(model.risk)) === 0) return () => false;
  const isAgreed = isSucceeded(versions, version);
  return ({ severity }) => severity === 'critical' && !isAgreed;
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
  if (!endsIncidents(stage) || changed.length === 0) return changed;
  const { window } = registry.load(key).model;
  // What the window under way still says is about the retired version's last minutes.
  const until = new Date(windowStart(now.getTime(), window) + window);
  const agreed = change.approval === undefined ? '' : ` (approval ${change.approval})`;
  const succession = { model: key, version, reason: `${stage}: ${change.reason}${agreed}`, until, actor };
  return [...changed, ...endsOf(stages, succession, now)];
}

/** The open incidents that a version's move to a stage ends. */
export function endedByStage(
  stages: Pick<Stages, 'registry' | 'incidents' | 'retrainings'>,
  { model, version, stage }: Pick<StageChange, 'model' | 'version' | 'stage'>,
): readonly IncidentRecord[] {
  const keeps = keptFor(stages, model);
  return endsIncidents(stage) ? stages.incidents.active(model, version).filter((one) => !keeps(one)) : [];
}

function endsIncidents(stage: ModelStage): boolean {
  return stage === 'retired' || ON_TRIAL.has(stage);
}

async function successionOf(
  { book, references }: Pick<Stages, 'references' | 'book'>,
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
  const kept = keptFor(stages, succession.model);
  const { keeps: others = () => false } = succession;
  const keeps = (incident: IncidentRecord) => kept(incident) || others(incident);
  const { entries, changes } = supersede(stages.incidents, { ...succession, keeps }, now);
  return [...entries, ...decideMessages(stages, changes, now)];
}

/** Whether an incident stays open when its version ends: a training that was asked for it has yet to prove that it is over. */
function keptFor(
  { registry, retrainings }: Pick<Stages, 'registry' | 'retrainings'>,
  model: string,
): (incident: IncidentRecord) => boolean {
  const versions = registry.find(model)?.versions ?? [];
  const answers = (version: string) =>
    versions.some((one) => one.version === version && ANSWERING.has(one.stage));
  const runs = unprovenRuns(retrainings, model, answers);
  return (incident) => runs.some((run) => isCauseOf(run, incident));
}

import { headlineOf } from '../domain/incident-headline.js';
import type { IncidentChange } from '../domain/incident-change.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { ask, newest, type RetrainContext } from './ask.js';
import { settingsOf } from './guards.js';
import { CAUSES, judgeRuns } from './judge-runs.js';
import { seriesOf } from './retraining.js';
import type { Retrainings } from './retrainings.js';

const DAY_MS = 86_400_000;

/**
 * What the changes of one model mean for its training: verdicts on finished runs, and at most one request, proposal, recommendation,
 * deferral or refusal with its reason. Pure.
 */
export function decideRetraining(
  state: Retrainings,
  changes: readonly IncidentChange[],
  context: RetrainContext,
  now: Date,
): readonly NewEntry[] {
  const causes = changes.filter(
    ({ kind, incident }) => CAUSES.has(kind) && incident.retrain && incident.state !== 'CLOSED',
  );
  const verdicts = judgeRuns(state, changes, { model: context.model.key, champion: context.champion }, now);
  const [first] = causes;
  if (!first) return verdicts;
  const cause: RetrainMessage['cause'] = {
    kind: 'incident',
    caseId: first.caseId,
    incidentIds: causes.map(({ incident }) => incident.id),
    summary: headlineOf(first.incident),
  };
  const series = causes.map(({ incident }) => seriesOf(incident.signal));
  const futile = verdicts.filter((entry) => isFutile(state, entry)).length;
  const open = newest([...context.open, ...changes.map(({ incident }) => incident)]);
  const { version } = first.incident.signal;
  return [...verdicts, ...ask(state, { cause, series, version, actor: SYSTEM, open, futile }, context, now)];
}

/**
 * The request that is due because the newest training is older than `atLeastEvery`, under the same guards. `trainedAt` stands in while no run
 * is known. A refusal is recorded once a day, not at every look.
 */
export function decideScheduledRetraining(
  state: Retrainings,
  context: RetrainContext & { readonly version: string; readonly trainedAt: Date },
  now: Date,
): readonly NewEntry[] {
  const { key } = context.model;
  const settings = settingsOf(context.guards, key);
  if (!settings || settings.atLeastEvery === null || state.inFlight(key) || state.deferralOf(key)) return [];
  const last = state.lastFinishedAt(key) ?? context.trainedAt;
  if (now.getTime() - last.getTime() < settings.atLeastEvery) return [];
  const refused = state.lastRefusal(key, 'schedule');
  if (refused && now.getTime() - refused.at.getTime() < DAY_MS) return [];
  const summary = `the newest training is from ${last.toISOString()}`;
  const cause: RetrainMessage['cause'] = { kind: 'schedule', caseId: null, incidentIds: [], summary };
  const { version, open } = context;
  return ask(state, { cause, series: [], version, actor: SYSTEM, open, futile: 0 }, context, now);
}

/** Whether a verdict adds to the runs that did not help; one that was counted when its problem was raised again is not counted twice. */
function isFutile(state: Retrainings, { action, subject }: NewEntry): boolean {
  if (action === 'retraining.asked_again') return true;
  return action === 'retraining.rejected' && state.find(subject.id)?.askedAgain === null;
}

import type { IncidentChange } from '../domain/incident-change.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { ask, newest, type RetrainContext } from './ask.js';
import { settingsOf } from './guards.js';
import { RETRAINING_SUBJECT, seriesOf, type Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';

const CAUSES = new Set(['opened', 'escalated', 'reopened']);
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
  const verdicts = judgeRuns(state, changes, context.model.key, now);
  const [first] = causes;
  if (!first) return verdicts;
  const cause: RetrainMessage['cause'] = {
    kind: 'incident',
    caseId: first.caseId,
    incidentIds: causes.map(({ incident }) => incident.id),
    summary: first.incident.summary,
  };
  const series = causes.map(({ incident }) => seriesOf(incident.signal));
  const rejected = verdicts.filter(({ action }) => action === 'retraining.rejected').length;
  const open = newest([...context.open, ...changes.map(({ incident }) => incident)]);
  const { version } = first.incident.signal;
  return [
    ...verdicts,
    ...ask(state, { cause, series, version, actor: SYSTEM, open, rejected }, context, now),
  ];
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
  return ask(state, { cause, series: [], version, actor: SYSTEM, open, rejected: 0 }, context, now);
}

/** Finished runs whose cause came back are rejected; those whose cause ended are validated. */
function judgeRuns(
  state: Retrainings,
  changes: readonly IncidentChange[],
  model: string,
  now: Date,
): readonly NewEntry[] {
  return state
    .list(model)
    .filter((run) => run.state === 'succeeded')
    .flatMap((run) => {
      const about = changes.filter(({ incident }) => run.series.includes(seriesOf(incident.signal)));
      if (about.some(({ kind }) => CAUSES.has(kind))) return [verdict(run, 'retraining.rejected', now)];
      return about.some(({ kind }) => kind === 'closed') ? [verdict(run, 'retraining.validated', now)] : [];
    });
}

function verdict(run: Retraining, action: string, now: Date): NewEntry {
  return {
    action,
    actor: SYSTEM,
    at: now,
    subject: { type: RETRAINING_SUBJECT, id: run.id },
    data: { model: run.model },
  };
}

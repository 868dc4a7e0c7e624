import { createHash } from 'node:crypto';
import { deliveryRequested } from '../domain/delivery.js';
import type { IncidentChange } from '../domain/incident-change.js';
import type { Incident } from '../domain/incident.js';
import { invariant } from '../domain/invariant.js';
import { SYSTEM, type Actor, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { riskTier, type Model } from '../domain/model.js';
import type { RetrainMessage, RetrainMode } from '../domain/retrain-message.js';
import { askGuards } from './guard-rails.js';
import { settingsOf, type RetrainingGuards, type RetrainSettings } from './guards.js';
import {
  RETRAINING_SUBJECT,
  seriesOf,
  type GuardFinding,
  type Retraining,
  type RetrainingOrder,
} from './retraining.js';
import type { Retrainings } from './retrainings.js';
import { targetRef } from './target.js';

export interface RetrainContext {
  readonly model: Model;
  readonly guards: RetrainingGuards;
  /** Incidents of the model that are not closed, before or after the changes were applied. */
  readonly open: readonly Incident[];
  /** Labelled rows since the last run ended; null when not counted. */
  readonly newLabels: number | null;
  /** Where jobs reach the service, without a trailing slash. */
  readonly baseUrl: string;
  /** SHA-256 of the callback token of a run. */
  readonly tokenHash: (retrainingId: string) => string;
}

const CAUSES = new Set(['opened', 'escalated', 'reopened']);
const DAY_MS = 86_400_000;

/**
 * What the changes of one model mean for its training: verdicts on finished runs, and at most one request, proposal, recommendation or
 * refusal with its reason. Pure; the entries of a request include its delivery, so the two cannot part.
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
  const open = [...context.open, ...changes.map(({ incident }) => incident)];
  const wish = { cause, series, version: first.incident.signal.version, open: newest(open), rejected };
  return [...verdicts, ...ask(state, wish, context, now)];
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
  const settings = settingsOf(context.guards, context.model.key);
  if (!settings || settings.atLeastEvery === null || state.inFlight(context.model.key)) return [];
  const last = state.lastFinishedAt(context.model.key) ?? context.trainedAt;
  if (now.getTime() - last.getTime() < settings.atLeastEvery) return [];
  const refused = state.lastRefusal(context.model.key, 'schedule');
  if (refused && now.getTime() - refused.at.getTime() < DAY_MS) return [];
  const summary = `the newest training is from ${last.toISOString()}`;
  const cause: RetrainMessage['cause'] = { kind: 'schedule', caseId: null, incidentIds: [], summary };
  return ask(
    state,
    { cause, series: [], version: context.version, open: context.open, rejected: 0 },
    context,
    now,
  );
}

/** A person's yes to a proposed run: it is asked for now. `[]` unless it is waiting. */
export function approveRetraining(
  state: Retrainings,
  id: string,
  actor: Actor,
  now: Date,
): readonly NewEntry[] {
  const run = state.find(id);
  if (run?.state !== 'proposed') return [];
  const approved = {
    action: 'retraining.approved',
    actor,
    at: now,
    subject: subject(id),
    data: { model: run.model },
  };
  return [approved, launch(run, now)];
}

/** A person's permission to go on after runs that did not help. */
export function resetBreaker(
  state: Retrainings,
  model: string,
  actor: Actor,
  now: Date,
): readonly NewEntry[] {
  if (state.futileRuns(model) === 0) return [];
  return [
    { action: 'retraining.breaker_reset', actor, at: now, subject: { type: 'model', id: model }, data: {} },
  ];
}

interface Wish {
  readonly cause: RetrainMessage['cause'];
  readonly series: readonly string[];
  readonly version: string;
  readonly open: readonly Incident[];
  readonly rejected: number;
}

function ask(state: Retrainings, wish: Wish, context: RetrainContext, now: Date): readonly NewEntry[] {
  const { key: model } = context.model;
  const settings = settingsOf(context.guards, model);
  const { paused } = context.guards;
  const { open, rejected } = wish;
  const futileRuns = state.futileRuns(model) + rejected;
  const guards = askGuards({
    model,
    paused,
    settings,
    state,
    open,
    newLabels: context.newLabels,
    futileRuns,
    now,
  });
  const id = nextId(state, model);
  const stop = guards.find(({ detail }) => detail !== null);
  if (stop || !settings) return [refusal({ id, model, wish, stop, guards }, now)];
  const mode = modeFor(settings.mode, context.model);
  if (mode === 'observe' || mode === 'recommend')
    return [recommendation({ id, model, wish, mode, guards }, now)];
  const order = orderOf({ id, wish, settings, mode, guards }, context, now);
  const action = mode === 'approve' ? 'retraining.proposed' : 'retraining.requested';
  const entry: NewEntry = { action, actor: SYSTEM, at: now, subject: subject(id), data: json(order) };
  return mode === 'approve' ? [entry] : [entry, launch(order, now)];
}

/** A model of the highest risk is never trained without a person's yes. */
function modeFor(mode: RetrainMode, model: Model): RetrainMode {
  return mode === 'auto' && riskTier(model.risk) === 'HIGH' ? 'approve' : mode;
}

interface Ordered {
  readonly id: string;
  readonly wish: Wish;
  readonly settings: RetrainSettings;
  readonly mode: RetrainMode;
  readonly guards: readonly GuardFinding[];
}

function orderOf(
  { id, wish, settings, mode, guards }: Ordered,
  context: RetrainContext,
  now: Date,
): RetrainingOrder {
  const target = context.guards.targets[settings.target];
  invariant(target, `retraining target ${settings.target} passed the schema but is not there`);
  const notBefore = new Date(now.getTime() + settings.labelDelay).toISOString();
  const message: RetrainMessage = {
    type: 'retrain',
    id,
    model: context.model.key,
    version: wish.version,
    cause: wish.cause,
    requestedAt: now.toISOString(),
    notBefore,
    exclude: [],
    callbackUrl: `${context.baseUrl}/v1/callbacks/retrain/${id}`,
  };
  return {
    message,
    destination: targetRef(settings.target, target),
    mode,
    tokenHash: context.tokenHash(id),
    series: [...wish.series],
    guards: [...guards],
    // A receiver of ours can wait by itself; an orchestrator starts at once, so its request waits here.
    dueAt: target.kind === 'webhook' ? now.toISOString() : notBefore,
    acceptedWithin: settings.acceptedWithin,
    finishedWithin: settings.finishedWithin,
  };
}

/** The request is delivered under the run's own id, never coalesced and never superseded: each is its own stream. */
function launch({ message, destination, dueAt }: RetrainingOrder, now: Date): NewEntry {
  const { id } = message;
  const due = dueAt > now.toISOString() ? dueAt : now.toISOString();
  return deliveryRequested(
    { id, stream: id, channel: 'retraining', destination, seq: 1, purpose: 'retrain', dueAt: due, message },
    now,
  );
}

function refusal(
  refused: {
    id: string;
    model: string;
    wish: Wish;
    stop: GuardFinding | undefined;
    guards: readonly GuardFinding[];
  },
  now: Date,
): NewEntry {
  const { id, model, wish, stop, guards } = refused;
  const data = {
    model,
    cause: wish.cause.kind,
    request: wish.cause,
    guard: stop?.guard ?? '',
    reason: stop?.detail ?? '',
    guards,
  };
  return { action: 'retraining.refused', actor: SYSTEM, at: now, subject: subject(id), data: json(data) };
}

function recommendation(
  advised: { id: string; model: string; wish: Wish; mode: RetrainMode; guards: readonly GuardFinding[] },
  now: Date,
): NewEntry {
  const { id, model, wish, mode, guards } = advised;
  const data = json({ model, cause: wish.cause.kind, request: wish.cause, mode, guards });
  return { action: 'retraining.recommended', actor: SYSTEM, at: now, subject: subject(id), data };
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
  return { action, actor: SYSTEM, at: now, subject: subject(run.id), data: { model: run.model } };
}

/** Each incident once, as it was named last. */
function newest(incidents: readonly Incident[]): readonly Incident[] {
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
}

/** Deterministic, so that deciding again asks for the same run; 32 hex digits fit every orchestrator's own key. */
function nextId(state: Retrainings, model: string): string {
  return createHash('sha256')
    .update(`retraining|${model}|${state.decisionCount(model)}`)
    .digest('hex')
    .slice(0, 32);
}

function subject(id: string): NewEntry['subject'] {
  return { type: RETRAINING_SUBJECT, id };
}

function json(data: object): { readonly [key: string]: Json } {
  return data as { readonly [key: string]: Json };
}

import { createHash } from 'node:crypto';
import { deliveryRequested } from '../domain/delivery.js';
import type { Incident } from '../domain/incident.js';
import { invariant } from '../domain/invariant.js';
import type { Actor, Json, NewEntry } from '../domain/ledger-entry.js';
import { riskTier, type Model } from '../domain/model.js';
import type { RetrainMessage, RetrainMode } from '../domain/retrain-message.js';
import { isOfPerson, type Deferral } from './deferral.js';
import { faultIntervals } from './fault-intervals.js';
import { askGuards, heals } from './guard-rails.js';
import { settingsOf, type RetrainingGuards, type RetrainSettings } from './guards.js';
import { addsToRun, causeWith, isSameProblem } from './join-run.js';
import {
  RETRAINING_SUBJECT,
  type GuardFinding,
  type Retraining,
  type RetrainingOrder,
} from './retraining.js';
import type { Retrainings } from './retrainings.js';
import type { RetrainingWish } from './story.js';
import { targetRef } from './target.js';

/** What decides whether and how a model may be trained now. */
export interface RetrainContext {
  readonly model: Model;
  /** The version that answers; null where none does. */
  readonly champion: string | null;
  readonly guards: RetrainingGuards;
  /** Incidents of the model that are not closed, before or after the changes were applied. */
  readonly open: readonly Incident[];
  /** Every incident of the model that is remembered, also closed ones; looked up for a request only. */
  readonly known: () => readonly Incident[];
  /** Labelled rows since the last run ended; null when not counted yet. */
  readonly newLabels: number | null;
  /** Event time of the model's newest row; null where none is known. */
  readonly newestRowAt: Date | null;
  /** Where jobs reach the service, without a trailing slash. */
  readonly baseUrl: string;
  /** SHA-256 of the callback token of a run. */
  readonly tokenHash: (retrainingId: string) => string;
}

/** A training run that somebody or something wants. */
export interface Wish {
  /** The id of the decision, where it is one that was put off; else the next one is made. */
  readonly id?: string;
  readonly cause: RetrainMessage['cause'];
  readonly series: readonly string[];
  readonly version: string;
  readonly actor: Actor;
  /** Incidents to judge the state of the data by. */
  readonly open: readonly Incident[];
  /** Runs just found not to have helped, not in the state yet. */
  readonly futile: number;
}

interface Decision {
  readonly id: string;
  readonly wish: Wish;
  readonly guards: readonly GuardFinding[];
  readonly now: Date;
}

/**
 * What follows from a wish under the guard rails: a request with its delivery, a proposal, a recommendation, a deferral where waiting can
 * change the answer, or a refusal. Pure; the entries of a request include its delivery, so the two cannot part.
 */
export function ask(state: Retrainings, wish: Wish, context: RetrainContext, now: Date): readonly NewEntry[] {
  const { key: model } = context.model;
  const settings = settingsOf(context.guards, model);
  const futileRuns = state.futileRuns(model) + wish.futile;
  const { newLabels } = context;
  const { paused } = context.guards;
  const guards = askGuards({ model, paused, settings, state, open: wish.open, newLabels, futileRuns, now });
  const decision = { id: wish.id ?? nextId(state, model), wish, guards, now };
  const stop = guards.find(({ detail }) => detail !== null);
  if (stop || !settings) return stopped(state, model, decision, stop);
  return granted(decision, settings, context);
}

/**
 * A wish that a guard rail stopped is put off where that can change, once; the same news again is no news. Where a run is about the same problem, it
 * joins that.
 */
function stopped(
  state: Retrainings,
  model: string,
  decision: Decision,
  stop: GuardFinding | undefined,
): readonly NewEntry[] {
  const { wish } = decision;
  const running = state.inFlight(model);
  // What waits already is decided by itself when that run ends. Who asks while a proposal waits asks for that one, whatever the reason.
  const asksForIt = running?.state === 'proposed' && wish.cause.kind === 'manual';
  if (running && wish.id === undefined && (asksForIt || isSameProblem(running, wish)))
    return joining(state, running, decision);
  if (!stop || !heals(stop)) return [refusal(model, decision, stop)];
  const waiting = state.deferralOf(model);
  const last = { ...stop, dueAt: dueAtOf(decision.guards) };
  if (!waiting) return [deferral(model, decision, last)];
  const isKnown = waiting.guard === last.guard && waiting.dueAt === last.dueAt;
  if (isKnown && !adds(waiting, wish, state.story(waiting.id)?.wishes ?? [])) return [];
  return [deferral(model, { ...decision, id: waiting.id, wish: joined(waiting, wish) }, { ...last, request: wish.cause })]; // prettier-ignore
}

/** When time alone will have satisfied every guard rail that says no now; null where something else must happen for one of them. */
function dueAtOf(guards: readonly GuardFinding[]): string | null {
  const stops = guards.filter(({ detail }) => detail !== null).map(({ dueAt }) => dueAt);
  return stops.reduce(
    (last, one) => (last === null || one === null ? null : last > one ? last : one),
    stops[0] ?? null,
  );
}

/** A run that is proposed or under way is to end this problem of its case, too; `[]` where it is known to. */
function joining(
  state: Retrainings,
  run: Retraining,
  { wish, now }: Pick<Decision, 'wish' | 'now'>,
): readonly NewEntry[] {
  const { cause, series, actor } = wish;
  if (!addsToRun(run, state.story(run.id)?.wishes ?? [], { cause, series, by: actor.id })) return [];
  return [
    entryOf('retraining.joined', { id: run.id, wish, now }, { model: run.model, request: cause, series }),
  ];
}

/** Whether a wish says more than what waits already: another problem, or a person's word, once. */
function adds({ series }: Deferral, wish: Wish, wishes: readonly RetrainingWish[]): boolean {
  const isSaid = wishes.some(({ by, summary }) => by === wish.actor.id && summary === wish.cause.summary);
  if (wish.cause.kind === 'manual' && wish.id === undefined && !isSaid) return true;
  return wish.series.some((one) => !series.includes(one));
}

/** What waits, and what came to it: it stays wanted for what it was wanted for first, and who else wants it stands beside that. */
function joined(waiting: Deferral, wish: Wish): Wish {
  const cause = causeWith(waiting.cause, wish.cause);
  return { ...wish, cause, series: [...new Set([...waiting.series, ...wish.series])] };
}

function granted(
  { id, wish, guards, now }: Decision,
  settings: RetrainSettings,
  context: RetrainContext,
): readonly NewEntry[] {
  const mode = modeFor(settings.mode, context.model, wish);
  if (mode === 'observe' || mode === 'recommend') {
    const data = { model: context.model.key, cause: wish.cause.kind, request: wish.cause, mode, guards };
    return [entryOf('retraining.recommended', { id, wish, now }, data)];
  }
  const order = orderOf({ id, wish, guards, now }, { settings, mode }, context);
  const action = mode === 'approve' ? 'retraining.proposed' : 'retraining.requested';
  const entry = entryOf(action, { id, wish, now }, order);
  return mode === 'approve' ? [entry] : [entry, launch(order, now)];
}

/** A model of the highest risk is never trained without a person's yes; a person who asks wants more than advice. */
function modeFor(mode: RetrainMode, model: Model, { cause, actor }: Wish): RetrainMode {
  const wanted = cause.kind === 'manual' || isOfPerson({ askedBy: actor.id }) ? 'auto' : mode;
  return wanted === 'auto' && riskTier(model.risk) === 'HIGH' ? 'approve' : wanted;
}

function orderOf(
  { id, wish, guards, now }: Decision,
  { settings, mode }: { readonly settings: RetrainSettings; readonly mode: RetrainMode },
  context: RetrainContext,
): RetrainingOrder {
  const target = context.guards.targets[settings.target];
  invariant(target, `retraining target ${settings.target} passed the schema but is not there`);
  const notBefore = labelsDueAt(context.newestRowAt, settings, now).toISOString();
  const message: RetrainMessage = {
    type: 'retrain',
    id,
    model: context.model.key,
    version: wish.version,
    cause: wish.cause,
    requestedAt: now.toISOString(),
    notBefore,
    // What this very decision changed is newer than what is remembered.
    exclude: faultIntervals(newest([...context.known(), ...wish.open]), now),
    callbackUrl: `${context.baseUrl}/v1/callbacks/retrain/${id}`,
  };
  return {
    message,
    destination: targetRef(settings.target, target),
    mode,
    tokenHash: context.tokenHash(id),
    series: [...wish.series],
    guards: [...guards],
    // What a run learns from is counted when it is sent: not before its newest rows have their labels.
    dueAt: notBefore,
    acceptedWithin: settings.acceptedWithin,
    finishedWithin: settings.finishedWithin,
  };
}

/** When the newest row that may be learnt from has had its time to get a label; never before `now`. */
export function labelsDueAt(
  newestRowAt: Date | null,
  { labelDelay }: Pick<RetrainSettings, 'labelDelay'>,
  now: Date,
): Date {
  // What comes after the request is no part of its period.
  const newest = Math.min(newestRowAt?.getTime() ?? -Infinity, now.getTime());
  return new Date(Math.max(now.getTime(), newest + labelDelay));
}

/** The request is delivered under the run's own id, never coalesced and never superseded: each is its own stream. */
export function launch({ message, destination, dueAt }: RetrainingOrder, now: Date): NewEntry {
  const { id } = message;
  const due = dueAt > now.toISOString() ? dueAt : now.toISOString();
  return deliveryRequested(
    { id, stream: id, channel: 'retraining', destination, seq: 1, purpose: 'retrain', dueAt: due, message },
    now,
  );
}

function refusal(
  model: string,
  { id, wish, guards, now }: Decision,
  stop: GuardFinding | undefined,
): NewEntry {
  const { kind: cause } = wish.cause;
  const data = {
    model,
    cause,
    request: wish.cause,
    guard: stop?.guard ?? '',
    reason: stop?.detail ?? '',
    guards,
  };
  return entryOf('retraining.refused', { id, wish, now }, data);
}

function deferral(
  model: string,
  { id, wish, guards, now }: Decision,
  { guard, detail: reason, dueAt, ...came }: GuardFinding & { readonly request?: Wish['cause'] },
): NewEntry {
  const { version, series, cause } = wish;
  return entryOf(
    'retraining.deferred',
    { id, wish, now },
    { model, version, series, cause, guard, reason, dueAt, guards, ...came },
  );
}

function entryOf(
  action: string,
  { id, wish, now }: Pick<Decision, 'id' | 'wish' | 'now'>,
  data: object,
): NewEntry {
  const subject = { type: RETRAINING_SUBJECT, id };
  return { action, actor: wish.actor, at: now, subject, data: data as { readonly [key: string]: Json } };
}

/** Each incident once, as it was named last. */
export function newest(incidents: readonly Incident[]): readonly Incident[] {
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
}

/** Deterministic, so that deciding again asks for the same run; 32 hex digits fit every orchestrator's own key. */
function nextId(state: Retrainings, model: string): string {
  return createHash('sha256')
    .update(`retraining|${model}|${state.decisionCount(model)}`)
    .digest('hex')
    .slice(0, 32);
}

import { CodedError } from '../domain/coded-error.js';
import type { Incident } from '../domain/incident.js';
import type { Actor, Json, NewEntry } from '../domain/ledger-entry.js';
import { ask, launch, type RetrainContext } from './ask.js';
import { faultIntervals } from './fault-intervals.js';
import { RETRAINING_SUBJECT, seriesOf, type Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';

type RefusalCode =
  | 'retraining_not_found'
  | 'retraining_not_proposed'
  | 'retraining_ended'
  | 'own_request'
  | 'breaker_closed'
  | 'reason_missing'
  | 'no_version'
  | 'unknown_incident'
  | 'promotion_not_proposed';

/** A person asked for something that the run's state, or who they are, does not allow; nothing was recorded. */
export class RetrainingRefusal extends CodedError {
  override readonly name = 'RetrainingRefusal';
  constructor(
    readonly code: RefusalCode,
    message: string,
    override readonly field: string,
  ) {
    super(message);
  }
}

/** What a person says of a run, and who they are. */
export interface Word {
  readonly id: string;
  readonly note: string;
  readonly actor: Actor;
}

/**
 * A person's yes to a proposed run: it is asked for now, and leaves out the faults that are known now (`known`: every incident of the model that is
 * remembered, also closed ones). Who may say it is decided where approvals are. Throws RetrainingRefusal when nothing of that id waits.
 */
export function approveRetraining(
  state: Retrainings,
  { id, note, actor }: Word,
  { known }: { readonly known: readonly Incident[] },
  now: Date,
): readonly NewEntry[] {
  const run = proposedRun(state, id);
  const subject = { type: RETRAINING_SUBJECT, id };
  const exclude = faultIntervals(known, now);
  const data: { readonly [key: string]: Json } = { model: run.model, note, exclude };
  const approved = { ...run, message: { ...run.message, exclude } };
  return [{ action: 'retraining.approved', actor, at: now, subject, data }, launch(approved, now)];
}

/** A person's no to a proposed run. Throws RetrainingRefusal when nothing of that id waits, or no reason is given. */
export function declineRetraining(
  state: Retrainings,
  { id, note, actor }: Word,
  now: Date,
): readonly NewEntry[] {
  const run = proposedRun(state, id);
  demandReason(note, 'note');
  const subject = { type: RETRAINING_SUBJECT, id };
  return [{ action: 'retraining.declined', actor, at: now, subject, data: { model: run.model, note } }];
}

/** A person calls off a run that was asked for and has not ended. Throws RetrainingRefusal when there is none, or no reason is given. */
export function cancelRetraining(
  state: Retrainings,
  { id, note, actor }: Word,
  now: Date,
): readonly NewEntry[] {
  const run = state.find(id);
  const stands = stateOf(state, id);
  if (!run || (stands !== 'requested' && stands !== 'accepted' && stands !== 'running')) {
    const why = `run ${id} is ${stands}: only one that was asked for and goes on can be called off`;
    throw new RetrainingRefusal('retraining_ended', why, 'id');
  }
  demandReason(note, 'note');
  const subject = { type: RETRAINING_SUBJECT, id };
  return [{ action: 'retraining.cancelled', actor, at: now, subject, data: { model: run.model, note } }];
}

/** A run that a person wants. */
export interface RetrainingRequest {
  readonly reason: string;
  /** That answers for the model; undefined where none does. */
  readonly version: string | undefined;
  readonly actor: Actor;
  /** Open incidents of the model that it is to end. */
  readonly incidents?: readonly string[];
  /** The case of those incidents: who follows it hears how it goes. */
  readonly caseId?: string | null;
}

/**
 * A run that a person asks for, under the same guard rails: it is asked for, proposed, put off or refused with its reason. Throws
 * RetrainingRefusal without a reason, for a model that has no version yet, or for an incident that is none of its open ones.
 */
export function requestRetraining(
  state: Retrainings,
  { reason, version, actor, incidents = [], caseId = null }: RetrainingRequest,
  context: RetrainContext,
  now: Date,
): readonly NewEntry[] {
  demandReason(reason, 'reason');
  if (version === undefined) {
    const why = `${context.model.key} has no version yet: there is nothing to train again`;
    throw new RetrainingRefusal('no_version', why, 'model');
  }
  const named = incidents.map((id) => openIncident(context, id));
  const incidentIds = named.map(({ id }) => id);
  const wish = {
    cause: { kind: 'manual', caseId, incidentIds, summary: reason } as const,
    series: named.map(({ signal }) => seriesOf(signal)),
    version,
    actor,
    open: context.open,
    futile: 0,
  };
  return ask(state, wish, context, now);
}

/** A person's permission to go on after runs that did not help. Throws RetrainingRefusal when there is nothing to reset, or no note. */
export function resetBreaker(
  state: Retrainings,
  { model, note, actor }: { readonly model: string; readonly note: string; readonly actor: Actor },
  now: Date,
): readonly NewEntry[] {
  demandReason(note, 'note');
  if (state.futileRuns(model) === 0) {
    const why = `no run of ${model} left its cause in place since the last that helped: there is nothing to reset`;
    throw new RetrainingRefusal('breaker_closed', why, 'model');
  }
  const subject = { type: 'model', id: model };
  return [{ action: 'retraining.breaker_reset', actor, at: now, subject, data: { note } }];
}

/** The run that waits for a yes or no. Throws RetrainingRefusal where there is none. */
export function proposedRun(state: Retrainings, id: string): Retraining {
  const stands = stateOf(state, id);
  const run = state.find(id);
  if (run?.state === 'proposed') return run;
  throw new RetrainingRefusal(
    'retraining_not_proposed',
    `run ${id} is ${stands}: only a proposed one waits for a yes or no`,
    'id',
  );
}

function openIncident({ open, model }: RetrainContext, id: string): Incident {
  const found = open.find((incident) => incident.id === id);
  if (found) return found;
  const there = open.length === 0 ? 'none is open' : `open: ${open.map((one) => one.id).join(', ')}`;
  throw new RetrainingRefusal(
    'unknown_incident',
    `incidents: ${id} is no open incident of ${model.key}; ${there}`,
    'incidents',
  );
}

/** Throws RetrainingRefusal where nobody says why. */
export function demandReason(text: string, field: string): void {
  if (text.trim() === '')
    throw new RetrainingRefusal('reason_missing', `${field}: say why, for the ledger`, field);
}

/** Where a run stands; what was put off or advised has a story and is no run yet. Throws RetrainingRefusal where there is neither. */
function stateOf(state: Retrainings, id: string): string {
  const stands = state.find(id)?.state ?? state.story(id)?.outcome;
  if (stands !== undefined) return stands;
  throw new RetrainingRefusal('retraining_not_found', `there is no training run ${id}`, 'id');
}

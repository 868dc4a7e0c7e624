import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { ask, type RetrainContext } from './ask.js';
import { isOfPerson, type Deferral } from './deferral.js';
import { RETRAINING_SUBJECT } from './retraining.js';
import type { Retrainings } from './retrainings.js';

/**
 * What became of the run that a model waits for: asked for as soon as no guard rail stops it, exactly once; given up when its problem ended
 * by itself; refused when what stops it now will not pass. `[]` while it still waits for the same thing.
 */
export function decideDeferred(state: Retrainings, context: RetrainContext, now: Date): readonly NewEntry[] {
  const waiting = state.deferralOf(context.model.key);
  if (!waiting) return [];
  if (hasEnded(waiting, context)) return [lapsed(waiting, now)];
  const { id, cause, series, askedBy } = waiting;
  // Another version may have become champion while it waited.
  const version = context.champion ?? waiting.version;
  const actor = isOfPerson(waiting) ? { type: 'key' as const, id: askedBy } : SYSTEM;
  return ask(state, { id, cause, series, version, actor, open: context.open, futile: 0 }, context, now);
}

function hasEnded({ cause, askedBy }: Deferral, { open }: RetrainContext): boolean {
  if (cause.kind !== 'incident' || isOfPerson({ askedBy })) return false;
  return !open.some((incident) => incident.state !== 'CLOSED' && cause.incidentIds.includes(incident.id));
}

function lapsed({ id, model, cause }: Deferral, now: Date): NewEntry {
  const data = { model, reason: `the problem ended before training was possible: ${cause.summary}` };
  return {
    action: 'retraining.lapsed',
    actor: SYSTEM,
    at: now,
    subject: { type: RETRAINING_SUBJECT, id },
    data,
  };
}

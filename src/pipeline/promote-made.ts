import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { RETRAINING_SUBJECT, type Retraining } from '../retraining/retraining.js';
import type { Stages } from './stages.js';
import { stageEntries } from './supersede-replaced.js';

/** The version that a run made takes over: the change of stages, and the step of the training. */
export function promoteMade(
  stages: Stages,
  { id, model, newVersion }: Retraining,
  { reason, actor }: { readonly reason: string; readonly actor: Actor },
  now: Date,
): readonly NewEntry[] {
  const version = newVersion ?? '';
  const change = { model, version, stage: 'champion', reason, actor } as const;
  const subject = { type: RETRAINING_SUBJECT, id };
  const promoted = {
    action: 'retraining.promoted',
    actor,
    at: now,
    subject,
    data: { model, version, reason },
  };
  return [...stageEntries(stages, change, now), promoted];
}

import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { versionToTrain } from '../registry/answering.js';
import { requestRetraining } from '../retraining/by-hand.js';
import { retrainContext, type TrainingParts } from './evaluate-window.js';
import type { Stages } from './stages.js';

/** A training that a person asks for. */
export interface TrainingWish {
  readonly model: string;
  readonly reason: string;
  /** Open incidents that it is to end. */
  readonly incidents: readonly string[];
  readonly actor: Actor;
}

/** What follows from a person's wish, of the version that answers, under the guard rails. Throws ModelNotFound and RetrainingRefusal. */
export function wishTraining(
  stages: TrainingParts & Pick<Stages, 'retrainings'>,
  { model: key, reason, incidents, actor }: TrainingWish,
  now: Date,
): readonly NewEntry[] {
  const { model, versions } = stages.registry.load(key);
  const version = versionToTrain(versions) ?? undefined;
  const caseId = stages.incidents.find(incidents[0] ?? '')?.caseId ?? null;
  const context = retrainContext(stages, model, stages.incidents.openOf(key));
  const wanted = { reason, version, actor, incidents, caseId };
  return requestRetraining(stages.retrainings, wanted, context, now);
}

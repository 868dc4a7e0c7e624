import type { NewEntry } from '../domain/ledger-entry.js';
import { riskTier, type Model } from '../domain/model.js';
import { isOwner } from '../registry/principal.js';
import { approveRetraining, declineRetraining, RetrainingRefusal, type Word } from '../retraining/by-hand.js';
import { approvePromotion, declinePromotion } from '../retraining/promotion.js';
import { promoteMade } from './promote-made.js';
import type { Stages } from './stages.js';

/**
 * A person's yes to what waits for one: a proposed training, which is asked for now, or the better version that it made, which takes over now.
 * Throws RetrainingRefusal where nothing of that id waits, or the person may not say it: their own request, or their own model, of high risk.
 */
export function approveTraining(stages: Stages, word: Word, now: Date): readonly NewEntry[] {
  const { retrainings, registry, incidents } = stages;
  const run = retrainings.find(word.id);
  // An unknown run has no model; the decision says so itself.
  const model = run?.model ?? '';
  const described = registry.find(model)?.model;
  if (described) demandNoOwner(described, word);
  const risk = described?.risk;
  if (run?.promotion?.state !== 'PROPOSED') {
    const known = incidents.list({ model });
    return approveRetraining(retrainings, word, { risk, known }, now);
  }
  const approved = approvePromotion(retrainings, word, risk, now);
  const reason = `${word.note || 'approved'} (training run ${run.id})`;
  return [...approved, ...promoteMade(stages, run, { reason, actor: word.actor }, now)];
}

/** A person's no to what waits: the training is not asked for, or the version stays what it is. Throws RetrainingRefusal. */
export function declineTraining({ retrainings }: Stages, word: Word, now: Date): readonly NewEntry[] {
  return retrainings.find(word.id)?.promotion?.state === 'PROPOSED'
    ? declinePromotion(retrainings, word, now)
    : declineRetraining(retrainings, word, now);
}

function demandNoOwner({ key, owner, risk }: Model, { ownsAs = [] }: Word): void {
  if (riskTier(risk) !== 'HIGH' || !isOwner({ ownsAs }, owner)) return;
  const why = `${owner} owns ${key}, a model of high risk: somebody else says yes`;
  throw new RetrainingRefusal('own_model', why, 'id');
}

import type { NewEntry } from '../domain/ledger-entry.js';
import { approveRetraining, declineRetraining, type Word } from '../retraining/by-hand.js';
import { approvePromotion, declinePromotion } from '../retraining/promotion.js';
import { promoteMade } from './promote-made.js';
import type { Stages } from './stages.js';

/**
 * A person's yes to what waits for one: a proposed training, which is asked for now, or the better version that it made, which takes over now.
 * Throws RetrainingRefusal where nothing of that id waits, or the person may not say it.
 */
export function approveTraining(stages: Stages, word: Word, now: Date): readonly NewEntry[] {
  const { retrainings, registry, incidents } = stages;
  const run = retrainings.find(word.id);
  // An unknown run has no model; the decision says so itself.
  const model = run?.model ?? '';
  const risk = registry.find(model)?.model.risk;
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

import { proposedRun, type Word } from '../retraining/by-hand.js';
import { answerApproval, type Answered } from './answer-approval.js';
import type { Stages } from './stages.js';

/**
 * A person's yes or no to what waits for one: a proposed training, which is asked for with the last yes that is needed, or the better version that it
 * made, which takes over then. Throws RetrainingRefusal where nothing of that id waits, ApprovalRefusal where the person may not say it, and
 * ReasonMissing for a no without a note.
 */
export function answerTraining(
  stages: Stages,
  word: Word & { readonly isYes: boolean },
  now: Date,
): Answered {
  const isPromotion = stages.retrainings.find(word.id)?.promotion?.state === 'PROPOSED';
  if (!isPromotion) proposedRun(stages.retrainings, word.id);
  return answerApproval(stages, word, now);
}

import { answerApproval, type GivenAnswer, type Answered } from './answer-approval.js';
import { followAgreed } from './ask-others.js';
import type { Stages } from './stages.js';

/** Records somebody's yes or no, and does what follows from it beside the ledger. Throws as `answerApproval` does. */
export async function decide(stages: Stages, answer: GivenAnswer): Promise<Answered> {
  let answered: Answered | null = null;
  await stages.ledger.transact((now) => {
    answered = answerApproval(stages, answer, now);
    return answered.entries;
  });
  const approval = stages.approvals.find(answer.id);
  const done = answered as Answered | null;
  if (!approval || !done) throw new Error(`the answer to ${answer.id} was not recorded`);
  if (done.outcome === 'granted') await followAgreed(stages, approval);
  return done;
}

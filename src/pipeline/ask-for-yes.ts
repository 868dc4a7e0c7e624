import { askApproval, joinApproval, termsHash, type ApprovalWish } from '../approvals/ask-approval.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Stages } from './stages.js';

/** What waits for a yes, and the entry that asks; where exactly that waits already, the one that joins. */
export interface AskedFor {
  readonly id: string;
  readonly entries: readonly NewEntry[];
}

/** Asks others for a yes. What waits already with the same terms is asked for once: who asks for it anew joins who asked. */
export function askForYes(
  stages: Pick<Stages, 'approvals' | 'personOf'>,
  wish: Omit<ApprovalWish, 'person'>,
  now: Date,
): AskedFor {
  const { approvals } = stages;
  const hash = termsHash(wish.terms);
  const waiting = approvals.pending().find((one) => one.kind === wish.kind && one.hash === hash);
  const full = { ...wish, person: stages.personOf(wish.actor.id) };
  if (waiting) return { id: waiting.id, entries: joinApproval(waiting, full, now) };
  const { id, entry } = askApproval(full, approvals.count, now);
  return { id, entries: [entry] };
}

import { APPROVAL_SUBJECT } from '../approvals/decide-approval.js';
import { ApprovalRefusal } from '../approvals/approval-refusal.js';
import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import type { Stages } from './stages.js';

/** Refusals that are about who it was: that they tried is evidence, whatever became of it. */
const OF_PERSON: ReadonlySet<string> = new Set(['own_request', 'own_model', 'own_key', 'not_yours']);

type Told = Pick<Stages, 'ledger' | 'approvals'>;

/** Somebody's yes or no to an approval or a training. */
export interface TriedWord {
  readonly id: string;
  readonly isYes: boolean;
  readonly actor: Actor;
}

/** Somebody's yes or no; where it is refused for who they are, that they tried is recorded, once for each reason. Throws what `say` throws. */
export async function wordOrRefusal<T>(
  { ledger, approvals }: Told,
  tried: TriedWord,
  say: () => Promise<T>,
): Promise<T> {
  try {
    return await say();
  } catch (error) {
    if (error instanceof ApprovalRefusal)
      await ledger.transact((at) => refusalEntries(approvals, tried, error, at));
    throw error;
  }
}

/** That a word was refused for who said it, unless that is recorded; nothing of other errors. */
export function refusalEntries(
  approvals: Told['approvals'],
  tried: TriedWord,
  error: unknown,
  at: Date,
): readonly NewEntry[] {
  if (!(error instanceof ApprovalRefusal) || !OF_PERSON.has(error.code)) return [];
  return refused(approvals, tried, error, at);
}

/** Records that somebody tried who may say yes or no to nothing, or not there: once for each approval that waits and person, so that it cannot flood the log. */
export async function recordNoRight({ ledger, approvals }: Told, tried: TriedWord, message: string): Promise<void> {
  if (approvals.find(tried.id)?.state !== 'PENDING') return;
  await ledger.transact((at) => refused(approvals, tried, { code: 'no_right', message }, at));
} // prettier-ignore

function refused(
  approvals: Told['approvals'],
  { id, isYes, actor }: TriedWord,
  { code, message }: { readonly code: string; readonly message: string },
  at: Date,
): readonly NewEntry[] {
  if (approvals.wasRefused({ id, actor: actor.id, code })) return [];
  const subject = { type: APPROVAL_SUBJECT, id };
  return [{ action: 'approval.refused', actor, at, subject, data: { code, isYes, because: message } }];
}

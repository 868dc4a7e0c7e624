import { APPROVAL_SUBJECT } from '../approvals/decide-approval.js';
import { ApprovalRefusal } from '../approvals/approval-refusal.js';
import type { Actor } from '../domain/ledger-entry.js';
import type { Stages } from './stages.js';

/** Refusals that are about who it was: that they tried is evidence, whatever became of it. */
const OF_PERSON: ReadonlySet<string> = new Set(['own_request', 'own_model', 'own_key', 'not_yours']);

/** Somebody's yes or no; where it is refused for who they are, that they tried is recorded, once for each reason. Throws what `say` throws. */
export async function wordOrRefusal<T>(
  { ledger, approvals }: Pick<Stages, 'ledger' | 'approvals'>,
  { id, isYes, actor }: { readonly id: string; readonly isYes: boolean; readonly actor: Actor },
  say: () => Promise<T>,
): Promise<T> {
  try {
    return await say();
  } catch (error) {
    if (!(error instanceof ApprovalRefusal) || !OF_PERSON.has(error.code)) throw error;
    const { code, message } = error;
    await ledger.transact((at) => {
      if (approvals.wasRefused({ id, actor: actor.id, code })) return [];
      const subject = { type: APPROVAL_SUBJECT, id };
      return [{ action: 'approval.refused', actor, at, subject, data: { code, isYes, because: message } }];
    });
    throw error;
  }
}

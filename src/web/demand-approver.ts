import type { Request } from 'express';
import type { Person } from '../domain/person.js';
import type { ApprovalActions } from '../pipeline/approval-actions.js';
import type { TriedWord } from '../pipeline/word-or-refusal.js';
import type { PageContext } from './page-context.js';

/** Who says yes or no on a page. Who may not, is recorded with what they tried. Throws PageError as `demandAllowed` does. */
export async function demandApprover(
  context: PageContext,
  approvals: Pick<ApprovalActions, 'triedWithoutRight'>,
  request: Request,
  tried: Omit<TriedWord, 'actor'>,
): Promise<Person> {
  const who = context.demandAllowed(request, 'read');
  if (!context.mayChange(request, 'approve')) {
    const because = context.mayNot(request, 'approve');
    await approvals.triedWithoutRight({ ...tried, actor: who.actor }, because);
  }
  return context.demandAllowed(request, 'approve');
}

import type { Approval } from '../approvals/approval.js';
import { termsHash } from '../approvals/ask-approval.js';
import { leafDiff, type Change } from '../registry/json-diff.js';
import { isDescription, termsOf } from './ask-others.js';
import { proposalChanges } from './policy-proposals.js';
import type { Stages } from './stages.js';

/** Descriptions of one model a person has made by hand; a program that writes more is cut off. */
const MOST = 10_000;
const DESCRIBED = {
  actions: ['model.registered', 'model.updated'],
  subjectType: 'model',
  newestFirst: true,
  limit: MOST,
};

/** What an approval changes against what was in force when it was asked: of policies and of descriptions of models; nothing of what is no document. */
export async function approvalChanges(
  stages: Pick<Stages, 'ledger' | 'policyBook'>,
  approval: Approval,
): Promise<readonly Change[]> {
  const proposal = stages.policyBook.proposal(approval.id);
  if (proposal) return proposalChanges(stages, proposal);
  if (!isDescription(approval)) return [];
  const { model: after = null, replaces } = termsOf(approval);
  const entries = await stages.ledger.read({ ...DESCRIBED, subjectId: approval.model ?? '' });
  const before = entries.map(({ data }) => data['model'] ?? null).find((one) => termsHash(one) === replaces);
  return before === undefined ? [] : leafDiff(before, after);
}

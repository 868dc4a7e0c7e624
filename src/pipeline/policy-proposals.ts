import type { PolicyProposal } from '../policies/policy-proposal.js';
import { leafDiff, type Change } from '../registry/json-diff.js';
import { policyHistory } from './policy-history.js';
import type { Stages } from './stages.js';

/** Where a policy that was proposed stands. */
export type ProposalState =
  'DRAFT' | 'DECLINED' | 'EXPIRED' | 'WITHDRAWN' | 'SCHEDULED' | 'ACTIVE' | 'SUPERSEDED';

/** Where a policy that was proposed stands now. */
export function proposalState(
  { approvals, policyBook }: Pick<Stages, 'policyBook' | 'approvals'>,
  proposal: PolicyProposal,
): ProposalState {
  const { approval } = proposal;
  const brought = policyBook.broughtBy(proposal);
  if (brought !== null) return brought === 'is' ? 'ACTIVE' : 'SUPERSEDED';
  if (policyBook.scheduledFor(approval) !== null) return 'SCHEDULED';
  const state = approvals.find(approval)?.state ?? 'PENDING';
  if (state === 'PENDING') return 'DRAFT';
  return state === 'APPROVED' ? 'WITHDRAWN' : state;
}

/** What a proposal changes against what was in force under its id when it was made; nothing where nothing was. */
export async function proposalChanges(
  { ledger }: Pick<Stages, 'ledger'>,
  { id, content, replaces }: PolicyProposal,
): Promise<readonly Change[]> {
  if (replaces === null) return [];
  const before = (await policyHistory(ledger, id)).find(({ hash }) => hash === replaces)?.content ?? null;
  return before === null ? [] : leafDiff(before, content);
}

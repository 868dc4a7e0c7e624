import type { PolicyProposal } from '../policies/policy-proposal.js';
import { leafDiff, type Change } from '../registry/json-diff.js';
import type { Stages } from './stages.js';

/** Where a policy that was proposed stands. */
export type ProposalState =
  'DRAFT' | 'DECLINED' | 'EXPIRED' | 'WITHDRAWN' | 'SCHEDULED' | 'ACTIVE' | 'SUPERSEDED';

/** Where a policy that was proposed stands now. */
export function proposalState({ approvals, policyBook }: Stages, proposal: PolicyProposal): ProposalState {
  const { id, hash, approval } = proposal;
  if (policyBook.hashOf(id) === hash) return 'ACTIVE';
  if (policyBook.scheduledFor(approval) !== null) return 'SCHEDULED';
  if (policyBook.wasInForce(id, hash)) return 'SUPERSEDED';
  const state = approvals.find(approval)?.state ?? 'PENDING';
  if (state === 'PENDING') return 'DRAFT';
  return state === 'APPROVED' ? 'WITHDRAWN' : state;
}

/** What a proposal changes against what is in force under its id; everything where nothing is. */
export function proposalChanges({ policies }: Stages, { id, content }: PolicyProposal): readonly Change[] {
  const before = policies.find((policy) => policy.id === id)?.content;
  return before === undefined ? [] : leafDiff(before, content);
}

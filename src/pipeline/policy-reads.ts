import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { unreached } from '../policies/named-channels.js';
import type { PolicyProposal } from '../policies/policy-proposal.js';
import type { Change } from '../registry/json-diff.js';
import { policiesAsOf } from './as-of.js';
import { policyHistory, policyIds, type PolicyVersion } from './policy-history.js';
import { proposalChanges, proposalState, type ProposalState } from './policy-proposals.js';
import type { Stages } from './stages.js';

/** Policies that were, are, and are proposed, for whoever looks. */
export class PolicyReads {
  constructor(
    private readonly stages: Pick<Stages, 'ledger' | 'policies' | 'policyBook' | 'approvals' | 'channels'>,
  ) {}

  inForce(): readonly CompiledPolicy[] {
    return this.stages.policies;
  }

  /** Their entries, as they were in force at an instant that is over. */
  async asOf(at: Date): Promise<readonly LedgerEntry[]> {
    return policiesAsOf(this.stages.ledger, at);
  }

  /** As `policyHistory` does. */
  async history(id: string): Promise<readonly PolicyVersion[]> {
    return policyHistory(this.stages.ledger, id);
  }

  /** Ids of all policies that were ever in force or are proposed. */
  async ids(): Promise<readonly string[]> {
    return [...(await policyIds(this.stages.ledger)), ...this.proposals().map(({ id }) => id)];
  }

  proposals(): readonly PolicyProposal[] {
    return this.stages.policyBook.proposals();
  }

  /** What is to come into force with an approval; null where it is about something else. */
  proposal(approval: string): PolicyProposal | null {
    return this.stages.policyBook.proposal(approval) ?? null;
  }

  /** The version that comes into force later under an id. */
  scheduledOf(id: string) {
    return this.stages.policyBook.scheduledOf(id);
  }

  /** Whether what was agreed to comes into force later. */
  isScheduled(approval: string): boolean {
    return this.stages.policyBook.scheduledFor(approval) !== null;
  }

  stateOf(proposal: PolicyProposal): ProposalState {
    return proposalState(this.stages, proposal);
  }

  /** As `proposalChanges` does. */
  async changesOf(proposal: PolicyProposal): Promise<readonly Change[]> {
    return proposalChanges(this.stages, proposal);
  }

  /** Channels that a policy names and that lead nowhere. */
  unknownChannelsOf(policy: CompiledPolicy): readonly string[] {
    return unreached([policy], this.stages.channels);
  }

  /** The same of a text that is tried as if it were in earnest, whatever it says. */
  unknownChannelsInEarnest(policy: CompiledPolicy): readonly string[] {
    return this.unknownChannelsOf({ ...policy, enforcement: 'enforce' });
  }

  /** The same of what is to come into force with an approval. */
  unknownChannelsWith(approval: string): readonly string[] {
    const compiled = this.stages.policyBook.compiledProposal(approval);
    return compiled ? this.unknownChannelsOf(compiled) : [];
  }
}

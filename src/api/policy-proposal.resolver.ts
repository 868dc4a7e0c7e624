import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { PolicyActions } from '../pipeline/policy-actions.js';
import type { ProposalState } from '../pipeline/policy-proposals.js';
import { PolicyReads } from '../pipeline/policy-reads.js';
import type { PolicyProposal } from '../policies/policy-proposal.js';
import type { Change } from '../registry/json-diff.js';
import { Names } from '../registry/names.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { demandKnown } from './known.js';
import { demandDays } from './policy.resolver.js';
import { instant, type ApiContext } from './request.js';
import type { PolicyProposeInput, QueryPolicyProposalsArgs } from './schema.generated.js';

/** Policies that people want in force. */
@Resolver('PolicyProposal')
@Needs('read')
export class PolicyProposalResolver {
  constructor(
    private readonly reads: PolicyReads,
    private readonly actions: PolicyActions,
    private readonly approvals: ApprovalReads,
    private readonly names: Names,
  ) {}

  @Query('policyProposals')
  proposals(@Args('id') id?: QueryPolicyProposalsArgs['id']): readonly PolicyProposal[] {
    const all = this.reads.proposals();
    const known = [...all, ...this.reads.inForce()].map((one) => one.id);
    demandKnown('id', id, known);
    return all.filter((one) => id === undefined || id === null || one.id === id);
  }

  @Mutation('policyPropose')
  @Needs('operate')
  async propose(
    @Args('input') { yaml, reason, activeFrom, days }: PolicyProposeInput,
    @Context() context: ApiContext,
  ): Promise<{ readonly proposal: PolicyProposal | null; readonly userErrors: readonly UserError[] }> {
    demandDays(days);
    const wish = { yaml, reason, from: instant(activeFrom), days };
    try {
      const approval = await this.actions.propose(wish, actorOf(context.req.principal));
      return { proposal: this.reads.proposal(approval), userErrors: [] };
    } catch (error) {
      return { proposal: null, userErrors: userErrorsOf(error) };
    }
  }

  @ResolveField('state')
  state(@Parent() proposal: PolicyProposal): ProposalState {
    return this.reads.stateOf(proposal);
  }

  @ResolveField('proposedBy')
  proposedBy(@Parent() { actor }: PolicyProposal): object {
    return { ...actor, ...this.names.card(actor.id) };
  }

  @ResolveField('activeFrom')
  activeFrom(@Parent() { from }: PolicyProposal): Date | null {
    return from;
  }

  @ResolveField('changes')
  async changes(@Parent() proposal: PolicyProposal): Promise<readonly Change[]> {
    return this.reads.changesOf(proposal);
  }

  @ResolveField('unknownChannels')
  unknownChannels(@Parent() { approval }: PolicyProposal): readonly string[] {
    return this.reads.unknownChannelsWith(approval);
  }

  @ResolveField('approval')
  approval(@Parent() { approval }: PolicyProposal): Approval | null {
    return this.approvals.find(approval);
  }
}

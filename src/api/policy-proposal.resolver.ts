import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { proposalChanges, proposalState, type ProposalState } from '../pipeline/policy-proposals.js';
import { proposePolicy } from '../pipeline/propose-policy.js';
import type { PolicyProposal } from '../policies/policy-proposal.js';
import type { Change } from '../registry/json-diff.js';
import { Service } from '../service.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { unreached } from '../policies/named-channels.js';
import { demandKnown } from './known.js';
import { demandDays } from './policy.resolver.js';
import { instant, type ApiContext } from './request.js';
import type { PolicyProposeInput, QueryPolicyProposalsArgs } from './schema.generated.js';

/** Policies that people want in force. */
@Resolver('PolicyProposal')
@Needs('read')
export class PolicyProposalResolver {
  constructor(private readonly service: Service) {}

  @Query('policyProposals')
  proposals(@Args('id') id?: QueryPolicyProposalsArgs['id']): readonly PolicyProposal[] {
    const { policyBook } = this.service.stages;
    const all = policyBook.proposals();
    demandKnown(
      'id',
      id,
      [...all, ...policyBook.inForce()].map((one) => one.id),
    );
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
      const approval = await proposePolicy(this.service.stages, wish, actorOf(context.req.principal));
      return { proposal: this.service.stages.policyBook.proposal(approval) ?? null, userErrors: [] };
    } catch (error) {
      return { proposal: null, userErrors: userErrorsOf(error) };
    }
  }

  @ResolveField('state')
  state(@Parent() proposal: PolicyProposal): ProposalState {
    return proposalState(this.service.stages, proposal);
  }

  @ResolveField('proposedBy')
  proposedBy(@Parent() { actor }: PolicyProposal): object {
    return { ...actor, ...this.service.names.card(actor.id) };
  }

  @ResolveField('activeFrom')
  activeFrom(@Parent() { from }: PolicyProposal): Date | null {
    return from;
  }

  @ResolveField('changes')
  async changes(@Parent() proposal: PolicyProposal): Promise<readonly Change[]> {
    return proposalChanges(this.service.stages, proposal);
  }

  @ResolveField('unknownChannels')
  unknownChannels(@Parent() { approval }: PolicyProposal): readonly string[] {
    const { policyBook, channels } = this.service.stages;
    const compiled = policyBook.compiledProposal(approval);
    return compiled ? unreached([compiled], channels) : [];
  }

  @ResolveField('approval')
  approval(@Parent() { approval }: PolicyProposal): Approval | null {
    return this.service.stages.approvals.find(approval) ?? null;
  }
}

import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval, Joining, Word } from '../approvals/approval.js';
import type { RiskTier } from '../domain/model.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { PolicyReads } from '../pipeline/policy-reads.js';
import type { PolicyProposal } from '../policies/policy-proposal.js';
import { Names } from '../registry/names.js';
import type { Change } from '../registry/json-diff.js';
import { actorOf, mayDo } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type {
  ApprovalDecideInput,
  ApprovalWithdrawInput,
  QueryApprovalArgs,
  QueryApprovalsArgs,
} from './schema.generated.js';
import { ApprovalActions } from '../pipeline/approval-actions.js';

interface Decision extends Omit<Word, 'actor' | 'person'> {
  readonly by: string;
}

interface ShownJoining extends Omit<Joining, 'actor' | 'person'> {
  readonly by: string;
}

/** Decisions that other people agree to: who asked for what, who said yes or no, when and why. */
@Resolver('Approval')
@Needs('read')
export class ApprovalsResolver {
  constructor(
    private readonly reads: ApprovalReads,
    private readonly policies: PolicyReads,
    private readonly names: Names,
    private readonly actions: ApprovalActions,
  ) {}

  @Query('approvals')
  approvals(@Args('states') states?: QueryApprovalsArgs['states']): readonly Approval[] {
    return this.reads.list().filter(({ state }) => states?.includes(state) ?? true);
  }

  @Query('approval')
  approval(@Args('id') id: QueryApprovalArgs['id']): Approval | null {
    return this.reads.find(id);
  }

  @Mutation('approvalDecide')
  @Needs('approve')
  async decide(
    @Args('input') { id, decision, note, hash }: ApprovalDecideInput,
    @Context() context: ApiContext,
  ): Promise<{ readonly approval: Approval | null; readonly userErrors: readonly UserError[] }> {
    const actor = actorOf(context.req.principal);
    const answer = { id, isYes: decision === 'APPROVE', note: note ?? '', hash: hash ?? null, actor };
    try {
      await this.actions.decide(answer);
      return { approval: this.reads.find(id), userErrors: [] };
    } catch (error) {
      return { approval: null, userErrors: userErrorsOf(error) };
    }
  }

  @Mutation('approvalWithdraw')
  @Needs('read')
  async withdraw(
    @Args('input') { id, reason }: ApprovalWithdrawInput,
    @Context() { req }: ApiContext,
  ): Promise<{ readonly approval: Approval | null; readonly userErrors: readonly UserError[] }> {
    const mayApprove = mayDo(req.principal, 'approve');
    try {
      await this.actions.withdraw({ id, reason, actor: actorOf(req.principal), mayApprove });
      return { approval: this.reads.find(id), userErrors: [] };
    } catch (error) {
      return { approval: null, userErrors: userErrorsOf(error) };
    }
  }

  @ResolveField('changes')
  async changes(@Parent() approval: Approval): Promise<readonly Change[]> {
    return this.reads.changesOf(approval);
  }

  @ResolveField('tier')
  tier(@Parent() approval: Approval): RiskTier {
    return this.reads.tierOf(approval);
  }

  @ResolveField('askedBy')
  askedBy(@Parent() approval: Approval): string {
    return this.reads.askedBy(approval);
  }

  @ResolveField('needed')
  needed(@Parent() approval: Approval): number {
    return this.reads.neededFor(approval);
  }

  @ResolveField('joined')
  joined(@Parent() { joined }: Approval): readonly ShownJoining[] {
    return joined.map(({ actor, at, reason, seq }) => ({ by: this.names.of(actor.id), at, reason, seq }));
  } // prettier-ignore

  @ResolveField('words')
  words(@Parent() { words }: Approval): readonly Decision[] {
    return words.map((word) => this.shown(word));
  }

  @ResolveField('decision')
  decision(@Parent() { state, words }: Approval): Decision | null {
    const last = words.at(-1);
    return last && (state === 'APPROVED' || state === 'DECLINED') ? this.shown(last) : null;
  }

  @ResolveField('expiresAt')
  expiresAt(@Parent() approval: Approval): Date {
    return this.reads.expiryOf(approval);
  }

  @ResolveField('fourEyes')
  fourEyes(): boolean {
    return true;
  }

  @ResolveField('policy')
  policy(@Parent() { id }: Approval): PolicyProposal | null {
    return this.policies.proposal(id);
  }

  private shown({ actor, at, isYes, note, seq }: Word): Decision {
    return { by: this.names.of(actor.id), at, isYes, note, seq };
  }
}

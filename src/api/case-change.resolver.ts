import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { CHECKS } from '../domain/check-result.js';
import { Incidents, type IncidentCase } from '../incidents/incidents.js';
import type { CaseAction } from '../pipeline/act-on-case.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { IncidentActions } from '../pipeline/incident-actions.js';
import { personOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { demandKnown } from './known.js';
import type { ApiContext } from './request.js';
import type {
  CaseAcknowledgeInput,
  CaseAssignInput,
  CaseCloseInput,
  CaseNormalInput,
  CaseNoteInput,
  CaseReopenInput,
} from './schema.generated.js';

interface CasePayload {
  readonly case: IncidentCase | null;
  readonly approval?: Approval | null;
  readonly userErrors: readonly UserError[];
}

/** What people do about cases. */
@Resolver('Case')
@Needs('operate')
export class CaseChangeResolver {
  constructor(
    private readonly actions: IncidentActions,
    private readonly incidents: Incidents,
    private readonly approvals: ApprovalReads,
  ) {}

  @Mutation('caseAcknowledge')
  @Needs('operate')
  async acknowledge(
    @Args('input') input: CaseAcknowledgeInput,
    @Context() context: ApiContext,
  ): Promise<CasePayload> {
    return this.act({ kind: 'acknowledge', ...input }, context);
  }

  @Mutation('caseAssign')
  @Needs('operate')
  async assign(
    @Args('input') { id, to }: CaseAssignInput,
    @Context() context: ApiContext,
  ): Promise<CasePayload> {
    return this.act({ kind: 'assign', id, to: to ?? null }, context);
  }

  @Mutation('caseNote')
  @Needs('operate')
  async note(@Args('input') input: CaseNoteInput, @Context() context: ApiContext): Promise<CasePayload> {
    return this.act({ kind: 'note', ...input }, context);
  }

  @Mutation('caseClose')
  @Needs('operate')
  async close(
    @Args('input')
    { id, rootCause, note }: CaseCloseInput,
    @Context() context: ApiContext,
  ): Promise<CasePayload> {
    return this.act({ kind: 'close', id, rootCause: rootCause ?? null, note: note ?? '' }, context);
  }

  @Mutation('caseReopen')
  @Needs('operate')
  async reopen(@Args('input') input: CaseReopenInput, @Context() context: ApiContext): Promise<CasePayload> {
    return this.act({ kind: 'reopen', ...input }, context);
  }

  @Mutation('caseNormal')
  @Needs('operate')
  async normal(
    @Args('input') { id, reason, checks }: CaseNormalInput,
    @Context() { req }: ApiContext,
  ): Promise<CasePayload & { readonly said: string | null }> {
    try {
      demandKnown('checks', checks, CHECKS);
      const wish = { caseId: id, reason, checks: CHECKS.filter((check) => checks?.includes(check)) };
      const { said, approval } = await this.actions.normal(wish, personOf(req.principal));
      const found = this.incidents.case(id) ?? null;
      return { case: found, approval: this.approvals.find(approval), said, userErrors: [] };
    } catch (error) {
      return { case: null, said: null, userErrors: userErrorsOf(error) };
    }
  }

  private async act(action: CaseAction, { req }: ApiContext): Promise<CasePayload> {
    try {
      const approval = this.approvals.find(await this.actions.onCase(action, personOf(req.principal)));
      return { case: this.incidents.case(action.id) ?? null, approval, userErrors: [] };
    } catch (error) {
      return { case: null, userErrors: userErrorsOf(error) };
    }
  }
}

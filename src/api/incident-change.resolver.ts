import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { Incidents } from '../incidents/incidents.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { IncidentActions } from '../pipeline/incident-actions.js';
import { personOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { IncidentAcknowledgeInput, IncidentCloseInput } from './schema.generated.js';

interface IncidentPayload {
  readonly incident: IncidentRecord | null;
  readonly approval?: Approval | null;
  readonly userErrors: readonly UserError[];
}

/** What people do about incidents. */
@Resolver('Incident')
@Needs('operate')
export class IncidentChangeResolver {
  constructor(
    private readonly actions: IncidentActions,
    private readonly incidents: Incidents,
    private readonly approvals: ApprovalReads,
  ) {}

  @Mutation('incidentAcknowledge')
  @Needs('operate')
  async acknowledge(
    @Args('input') { id }: IncidentAcknowledgeInput,
    @Context() { req }: ApiContext,
  ): Promise<IncidentPayload> {
    return this.change(id, async () => {
      await this.actions.acknowledge(id, personOf(req.principal));
      return null;
    });
  }

  @Mutation('incidentClose')
  @Needs('operate')
  async close(
    @Args('input') { id, reason }: IncidentCloseInput,
    @Context() { req }: ApiContext,
  ): Promise<IncidentPayload> {
    return this.change(id, async () => this.actions.close(id, reason, personOf(req.principal)));
  }

  /** `change` gives back the id of the approval that it waits for, or null. */
  private async change(id: string, change: () => Promise<string | null>): Promise<IncidentPayload> {
    try {
      const approval = this.approvals.find(await change());
      return { incident: this.incidents.find(id) ?? null, approval, userErrors: [] };
    } catch (error) {
      return { incident: null, userErrors: userErrorsOf(error) };
    }
  }
}

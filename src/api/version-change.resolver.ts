import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { ModelStage } from '../domain/model.js';
import type { Approval } from '../approvals/approval.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { readVersionRecord } from '../registry/version-record.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { BadInput, userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { ModelVersionRegisterInput, ModelVersionStageChangeInput } from './schema.generated.js';
import { ModelActions } from '../pipeline/model-actions.js';

interface ModelPayload {
  readonly model: RegisteredModel | null;
  readonly approval?: Approval | null;
  readonly userErrors: readonly UserError[];
}

/** What people say of versions: that there is one, where it comes from, what it is. */
@Resolver('Model')
@Needs('operate')
export class VersionChangeResolver {
  constructor(
    private readonly registry: Registry,
    private readonly approvals: ApprovalReads,
    private readonly actions: ModelActions,
  ) {}

  @Mutation('modelVersionRegister')
  async register(
    @Args('input') input: ModelVersionRegisterInput,
    @Context() context: ApiContext,
  ): Promise<ModelPayload> {
    return this.change(input.model, async () => {
      const { model, version } = input;
      if (version.trim() === '') throw new BadInput('version: give it a name', 'version');
      const actor = actorOf(context.req.principal);
      const announced = { model, version, reason: input.reason ?? '', actor };
      const record = isGiven(input.record) ? readVersionRecord(input.record) : null;
      return this.actions.announce({ ...announced, stage: wantedStage(input), record });
    });
  }

  @Mutation('modelVersionStageChange')
  async changeStage(
    @Args('input') input: ModelVersionStageChangeInput,
    @Context() context: ApiContext,
  ): Promise<ModelPayload> {
    return this.change(input.model, async () => {
      const { model, version, reason } = input;
      const actor = actorOf(context.req.principal);
      return this.actions.changeStage({ model, version, stage: input.stage, reason, actor });
    });
  }

  private async change(key: string, change: () => Promise<string | null>): Promise<ModelPayload> {
    try {
      const asked = await change();
      return { model: this.registry.load(key), approval: this.approvals.find(asked), userErrors: [] };
    } catch (error) {
      return { model: null, userErrors: userErrorsOf(error) };
    }
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A record alone is about a version as it stands. */
function wantedStage({ stage, record }: ModelVersionRegisterInput): ModelStage | null {
  if (stage) return stage;
  return isGiven(record) ? null : 'registered';
}

import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { CONFIG, type Config } from '../config/config.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { armingText } from '../pipeline/arming-text.js';
import { ModelActions } from '../pipeline/model-actions.js';
import { actorOf } from '../registry/principal.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { Needs } from './access.js';
import { given } from './given.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { demandVersion } from './known.js';
import { mayRegister } from './may-register.js';
import { demandKept, modelOf, sourceOf } from './model-input.js';
import { demandReferenceFile } from './reference-door.js';
import type { ApiContext } from './request.js';
import type { BaselinePinInput, ModelRegisterInput } from './schema.generated.js';

/** The model that was changed, or is to be once others agreed. */
interface Changed {
  readonly key: string;
  readonly approval: string | null;
}

interface ModelPayload {
  readonly model: RegisteredModel | null;
  readonly arming?: string;
  readonly approval?: Approval | null;
  readonly userErrors: readonly UserError[];
}

/** What people say of models: what one is, and which reference it is held against. */
@Resolver('Model')
@Needs('operate')
export class ModelChangeResolver {
  constructor(
    private readonly actions: ModelActions,
    private readonly registry: Registry,
    private readonly approvals: ApprovalReads,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Mutation('modelRegister')
  @Needs('operate')
  async register(
    @Args('input') input: ModelRegisterInput,
    @Context() context: ApiContext,
  ): Promise<ModelPayload> {
    return this.change(async () => {
      const model = modelOf(given(input));
      mayRegister(this.registry, this.config, model.key);
      demandKept(this.config, model);
      if (model.baseline && 'file' in model.baseline)
        demandReferenceFile(this.config, context.req.principal, model.baseline.file);
      const asker = { actor: actorOf(context.req.principal), reason: input.reason ?? null };
      const approval = await this.actions.describe(model, asker);
      return { key: model.key, approval };
    });
  }

  @Mutation('baselinePin')
  @Needs('operate')
  async pin(
    @Args('input')
    input: BaselinePinInput,
    @Context() context: ApiContext,
  ): Promise<ModelPayload> {
    return this.change(async () => {
      const registered = this.registry.load(input.model);
      const { model } = registered;
      if (typeof input.file === 'string') demandReferenceFile(this.config, context.req.principal, input.file);
      demandVersion(input.version, [registered]);
      const version = input.version ?? null;
      const actor = actorOf(context.req.principal);
      const order = { source: sourceOf(given(input)), actor, version, reason: input.reason ?? null };
      const approval = await this.actions.pin(model, order);
      return { key: model.key, approval };
    });
  }

  private async change(change: () => Promise<Changed>): Promise<ModelPayload> {
    try {
      const { key, approval: asked } = await change();
      const registered = this.registry.load(key);
      const approval = this.approvals.find(asked);
      return { model: registered, arming: armingText(registered.model), approval, userErrors: [] };
    } catch (error) {
      return { model: null, userErrors: userErrorsOf(error) };
    }
  }
}

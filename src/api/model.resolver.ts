import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { riskTier, type RiskTier } from '../domain/model.js';
import type { ModelFault } from '../pipeline/model-faults.js';
import { armingText } from '../pipeline/arming-text.js';
import { readWindows, type WindowRow } from '../pipeline/window-reads.js';
import { heldInForce, type PinnedBaseline, type RegisteredModel } from '../registry/registry.js';
import { actorOf } from '../registry/principal.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import {
  connectionFrom,
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  type Connection,
} from './connection.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { mayRegister } from './may-register.js';
import { demandVersion } from './known.js';
import { demandMet, isMeant } from './model-filter.js';
import { featuresOf } from './model-features.js';
import { demandKept, modelOf, sourceOf } from './model-input.js';
import { demandReferenceFile } from './reference-door.js';
import { instant, type ApiContext } from './request.js';
import type {
  BaselinePinInput,
  ModelIncidentsArgs,
  ModelRegisterInput,
  ModelWindowsArgs,
  QueryModelArgs,
  QueryModelsArgs,
} from './schema.generated.js';
import { given } from './given.js';
import { ModelActions } from '../pipeline/model-actions.js';

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

/** As many as a page of a connection holds. */
const MOST_INCIDENTS = 200;

/** The inventory: models, their versions, references, counts and windows. */
@Resolver('Model')
@Needs('read')
export class ModelResolver {
  constructor(
    private readonly service: Service,
    private readonly actions: ModelActions,
  ) {}

  @Query('models')
  models(@Args() page: QueryModelsArgs): Connection<RegisteredModel> {
    const all = this.service.registry.models();
    const filter = given(page.filter);
    demandMet(filter, all);
    const found = all.filter((known) => isMeant(known, filter, this.standing(known)));
    return connectionFrom(found, page, (known) => known.model.key);
  }

  private standing({ model }: RegisteredModel): { readonly now: Date; readonly isUndone: boolean } {
    const { options, stages } = this.service;
    return { now: options.clock.now(), isUndone: stages.descriptions.agreementOf(model.key).undone !== null };
  }

  @Query('model')
  model(@Args('key') key: QueryModelArgs['key']): RegisteredModel | null {
    return this.service.registry.find(key) ?? null;
  }

  @Mutation('modelRegister')
  @Needs('operate')
  async register(
    @Args('input') input: ModelRegisterInput,
    @Context() context: ApiContext,
  ): Promise<ModelPayload> {
    return this.change(async () => {
      const model = modelOf(given(input));
      mayRegister(this.service, model.key);
      demandKept(this.service.options.config, model);
      if (model.baseline && 'file' in model.baseline)
        demandReferenceFile(this.service.options.config, context.req.principal, model.baseline.file);
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
      const registered = this.service.registry.load(input.model);
      const { model } = registered;
      if (typeof input.file === 'string')
        demandReferenceFile(this.service.options.config, context.req.principal, input.file);
      demandVersion(input.version, [registered]);
      const version = input.version ?? null;
      const actor = actorOf(context.req.principal);
      const order = { source: sourceOf(given(input)), actor, version, reason: input.reason ?? null };
      const approval = await this.actions.pin(model, order);
      return { key: model.key, approval };
    });
  }

  @ResolveField('id')
  id(@Parent() { model }: RegisteredModel): string {
    return Buffer.from(`Model:${model.key}`).toString('base64url');
  }

  @ResolveField('key')
  key(@Parent() { model }: RegisteredModel): string {
    return model.key;
  }

  @ResolveField('name')
  name(@Parent() { model }: RegisteredModel): string | null {
    return model.name ?? null;
  }

  @ResolveField('task')
  task(@Parent() { model }: RegisteredModel): string {
    return model.task;
  }

  @ResolveField('owner')
  owner(@Parent() { model }: RegisteredModel): string {
    return model.owner;
  }

  @ResolveField('team')
  team(@Parent() { model }: RegisteredModel): string | null {
    return model.team ?? null;
  }

  @ResolveField('jurisdictions')
  jurisdictions(@Parent() { model }: RegisteredModel): readonly string[] {
    return model.jurisdictions ?? [];
  }

  @ResolveField('thirdParty')
  thirdParty(@Parent() { model }: RegisteredModel): boolean | null {
    return model.thirdParty ?? null;
  }

  @ResolveField('purpose')
  purpose(@Parent() { model }: RegisteredModel): string | null {
    return model.purpose ?? null;
  }

  @ResolveField('riskTier')
  riskTier(@Parent() { model }: RegisteredModel): RiskTier {
    return riskTier(model.risk);
  }

  @ResolveField('windowMs')
  windowMs(@Parent() { model }: RegisteredModel): number {
    return model.window;
  }

  @ResolveField('timezone')
  timezone(@Parent() { model }: RegisteredModel): string {
    return model.timezone;
  }

  @ResolveField('positive')
  positive(@Parent() { model }: RegisteredModel): string | null {
    return model.positive ?? null;
  }

  @ResolveField('classes')
  classes(@Parent() { model }: RegisteredModel): readonly string[] | null {
    return model.classes ?? null;
  }

  @ResolveField('segmentKeys')
  segmentKeys(@Parent() { model }: RegisteredModel): readonly string[] {
    return model.segments;
  }

  @ResolveField('protected')
  protectedAttributes(@Parent() { model }: RegisteredModel): readonly string[] {
    return model.protected;
  }

  @ResolveField('acceptsPastMs')
  acceptsPastMs(@Parent() { model }: RegisteredModel): number {
    return model.accepts.past;
  }

  @ResolveField('acceptsFutureMs')
  acceptsFutureMs(@Parent() { model }: RegisteredModel): number {
    return model.accepts.future;
  }

  @ResolveField('baseline')
  baseline(@Parent() registered: RegisteredModel): PinnedBaseline | null {
    return heldInForce(registered).baseline;
  }

  @ResolveField('baselineProblem')
  baselineProblem(@Parent() { model }: RegisteredModel): string | null {
    return this.service.spine.standing(model.key).problem;
  }

  @ResolveField('faults')
  faults(@Parent() { model }: RegisteredModel): readonly ModelFault[] {
    return this.service.spine.standing(model.key).faults;
  }

  @ResolveField('unwatched')
  async unwatched(@Parent() registered: RegisteredModel): Promise<readonly object[]> {
    const baseline = await this.service.stages.references.baselineOf(heldInForce(registered));
    return baseline?.notes?.unwatched ?? [];
  }

  @ResolveField('baselineRemarks')
  async baselineRemarks(@Parent() registered: RegisteredModel): Promise<readonly string[]> {
    const baseline = await this.service.stages.references.baselineOf(heldInForce(registered));
    return baseline?.notes?.remarks ?? [];
  }

  @ResolveField('features')
  async features(@Parent() registered: RegisteredModel): Promise<readonly object[]> {
    const baseline = await this.service.stages.references.baselineOf(heldInForce(registered));
    return featuresOf(registered, baseline);
  }

  @ResolveField('windows')
  async windows(
    @Parent() { model }: RegisteredModel,
    @Args() page: ModelWindowsArgs,
  ): Promise<Connection<WindowRow>> {
    const size = pageSize(page.first);
    const place = decodeCursor(page.after, 2);
    const rows = await readWindows(this.service.database, {
      model: model.key,
      version: page.version ?? null,
      since: instant(page.since)?.getTime() ?? 0,
      until: instant(page.until)?.getTime() ?? Number.MAX_SAFE_INTEGER,
      after: place ? { from: Number(place[0]), version: String(place[1]) } : null,
      limit: size + 1,
    });
    return connectionOf(rows, {
      size,
      after: place !== null,
      cursorOf: (row) => encodeCursor([row.from, row.version]),
    });
  }

  @ResolveField('incidents')
  incidents(
    @Parent() { model }: RegisteredModel,
    @Args('states') states?: ModelIncidentsArgs['states'],
  ): readonly object[] {
    const found = this.service.incidents.list({ model: model.key, ...(states ? { states } : {}) });
    return found.slice(0, MOST_INCIDENTS);
  }

  private async change(change: () => Promise<Changed>): Promise<ModelPayload> {
    try {
      const { key, approval: asked } = await change();
      const registered = this.service.registry.load(key);
      const approval = asked === null ? null : (this.service.stages.approvals.find(asked) ?? null);
      return { model: registered, arming: armingText(registered.model), approval, userErrors: [] };
    } catch (error) {
      return { model: null, userErrors: userErrorsOf(error) };
    }
  }
}

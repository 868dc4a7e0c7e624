import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ModelReads } from '../pipeline/model-reads.js';
import { OversightActions } from '../pipeline/oversight-actions.js';
import type { PlanStanding } from '../pipeline/plan-standing.js';
import type { MonitoringRun } from '../registry/monitoring-runs.js';
import type { Override } from '../registry/overrides.js';
import { personOf } from '../registry/principal.js';
import { Names } from '../registry/names.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { Needs } from './access.js';
import { connectionFrom, type Connection } from './connection.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { demandKnown, demandModel } from './known.js';
import { stretch, type ApiContext } from './request.js';
import type {
  HumanOverrideFilter,
  ModelOverrideCountArgs,
  MonitoringRunRecordInput,
  OverrideRecordInput,
  QueryHumanOverridesArgs,
} from './schema.generated.js';

interface ShownOverride extends Override {
  readonly recordedBy: string;
}

/** What people do about models by themselves: monitoring plans they go through, and decisions they override. */
@Resolver('Model')
@Needs('read')
export class OversightResolver {
  constructor(
    private readonly actions: OversightActions,
    private readonly reads: ModelReads,
    private readonly registry: Registry,
    private readonly names: Names,
  ) {}

  @ResolveField('monitoringPlan')
  monitoringPlan(@Parent() { model }: RegisteredModel): PlanStanding | null {
    return this.reads.planOf(model.key);
  }

  @ResolveField('monitoringRuns')
  monitoringRuns(@Parent() { model }: RegisteredModel): readonly MonitoringRun[] {
    return this.actions.runsOf(model.key);
  }

  @ResolveField('overrideCount')
  overrideCount(
    @Parent() { model }: RegisteredModel,
    @Args() { since, until }: ModelOverrideCountArgs,
  ): number {
    return this.found({ model: model.key, since: since ?? null, until: until ?? null }).length;
  }

  @Query('humanOverrides')
  @Needs('examine')
  overrides(@Args() page: QueryHumanOverridesArgs): Connection<ShownOverride> {
    const filter = page.filter ?? {};
    demandModel(filter.model, this.registry.models());
    demandKnown('reviewer', filter.reviewer, this.actions.reviewers());
    const shown = this.found(filter).toReversed().map((one) => this.shown(one)); // prettier-ignore
    return connectionFrom(shown, page, ({ seq }) => String(seq));
  }

  @Mutation('monitoringRunRecord')
  @Needs('operate')
  async recordRun(
    @Args('input') { model, note }: MonitoringRunRecordInput,
    @Context() { req }: ApiContext,
  ): Promise<{ model: RegisteredModel | null; userErrors: readonly UserError[] }> {
    try {
      await this.actions.recordRun(model, note, personOf(req.principal));
      return { model: this.registry.load(model), userErrors: [] };
    } catch (error) {
      return { model: null, userErrors: userErrorsOf(error) };
    }
  }

  @Mutation('overrideRecord')
  @Needs('operate')
  async recordOverride(
    @Args('input') input: OverrideRecordInput,
    @Context() { req }: ApiContext,
  ): Promise<{ override: ShownOverride | null; remark: string | null; userErrors: readonly UserError[] }> {
    const { subject = null, version = null, reviewer = null, ...rest } = input;
    try {
      const said = { ...rest, subject, version, reviewer };
      const { override, remark } = await this.actions.recordOverride(said, personOf(req.principal));
      return { override: override && this.shown(override), remark, userErrors: [] };
    } catch (error) {
      return { override: null, remark: null, userErrors: userErrorsOf(error) };
    }
  }

  private shown(one: Override): ShownOverride {
    return { ...one, recordedBy: this.names.of(one.enteredBy) };
  }

  private found(filter: HumanOverrideFilter): readonly Override[] {
    const [since, until] = stretch(filter);
    return this.actions.overrides({ ...filter, since, until });
  }
}

import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { planStanding, type PlanStanding } from '../pipeline/plan-standing.js';
import { comparedDecision } from '../pipeline/stored-decision.js';
import type { MonitoringRun } from '../registry/monitoring-runs.js';
import type { Override } from '../registry/overrides.js';
import { personOf } from '../registry/principal.js';
import type { RegisteredModel } from '../registry/registry.js';
import { Service } from '../service.js';
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
  constructor(private readonly service: Service) {}

  @ResolveField('monitoringPlan')
  monitoringPlan(@Parent() { model }: RegisteredModel): PlanStanding | null {
    const { stages, options } = this.service;
    return planStanding(stages, model.key, options.clock.now());
  }

  @ResolveField('monitoringRuns')
  monitoringRuns(@Parent() { model }: RegisteredModel): readonly MonitoringRun[] {
    return this.service.stages.monitoringRuns.of(model.key).toReversed();
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
    demandModel(filter.model, this.service.registry.models());
    demandKnown('reviewer', filter.reviewer, this.service.stages.overrides.list().map(({ reviewer }) => reviewer)); // prettier-ignore
    const shown = this.found(filter).toReversed().map((one) => this.shown(one)); // prettier-ignore
    return connectionFrom(shown, page, ({ seq }) => String(seq));
  }

  @Mutation('monitoringRunRecord')
  @Needs('operate')
  async recordRun(
    @Args('input') { model, note }: MonitoringRunRecordInput,
    @Context() { req }: ApiContext,
  ): Promise<{ model: RegisteredModel | null; userErrors: readonly UserError[] }> {
    const { ledger, registry, stages } = this.service;
    try {
      registry.load(model);
      await ledger.transact((now) => stages.monitoringRuns.record(model, note, personOf(req.principal), now));
      return { model: registry.load(model), userErrors: [] };
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
    const { ledger, registry, stages, hashes, names } = this.service;
    const { model, predictionId, subject = null, version = null, reviewer = null, decided, outcome, reason } = input; // prettier-ignore
    const refs = {
      predictionRef: hashes.ofPrediction(model, predictionId),
      subjectRef: subject === null ? null : hashes.ofPerson(subject),
    };
    try {
      registry.load(model);
      const remark = await comparedDecision(stages.database, { model, predictionId, version, decided });
      const said = {
        model,
        version,
        ...refs,
        decided,
        outcome,
        reason,
        reviewer,
        isCompared: remark === null,
      };
      await ledger.transact((now) =>
        stages.overrides.record(said, personOf(req.principal), now, names.actors()),
      );
      stages.metrics
        .counter('human_overrides_total', 'Decisions of models that people overrode.', ['model'])
        .inc({ model });
      const recorded = stages.overrides.list().findLast((one) => one.predictionRef === refs.predictionRef);
      return { override: recorded ? this.shown(recorded) : null, remark, userErrors: [] };
    } catch (error) {
      return { override: null, remark: null, userErrors: userErrorsOf(error) };
    }
  }

  private shown(one: Override): ShownOverride {
    return { ...one, recordedBy: this.service.names.of(one.enteredBy) };
  }

  private found(filter: HumanOverrideFilter): readonly Override[] {
    const { hashes, stages } = this.service;
    const [since, until] = stretch(filter);
    const { model, predictionId, subject, reviewer } = filter;
    const person = subject ? hashes.ofPerson(subject) : null;
    return stages.overrides
      .list()
      .filter(
        (one) =>
          (!model || one.model === model) &&
          (!predictionId || one.predictionRef === hashes.ofPrediction(one.model, predictionId)) &&
          (person === null || one.subjectRef === person) &&
          (!reviewer || one.reviewer === reviewer) &&
          (since === null || one.at >= since) &&
          (until === null || one.at < until),
      );
  }
}

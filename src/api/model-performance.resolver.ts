import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { groupStandings, selectionRules, type GroupStanding } from '../checks/group-standing.js';
import type { Model } from '../domain/model.js';
import { readConfusion, type ConfusionTable } from '../pipeline/confusion.js';
import { MOST_DAYS_READ, performanceNames, readPerformance, usualSpan } from '../pipeline/performance.js';
import { readJudged, type JudgedSeries } from '../pipeline/judged-metrics.js';
import { readExpectations, type ExpectationStanding } from '../pipeline/expectations.js';
import { readSegments, segmentsOf, type SegmentStanding } from '../pipeline/segments.js';
import { readSlowCalls, type SlowCalls } from '../pipeline/slow-calls.js';
import { readService, type ServicePoint } from '../pipeline/service-points.js';
import { labelledTo } from '../profiles/labelled-to.js';
import { inOneWindow, type Span } from '../profiles/merge-minutes.js';
import type { SlowCall } from '../profiles/outcomes.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import { Service } from '../service.js';
import { pageSize } from './connection.js';
import { BadInput } from './graphql-errors.js';
import { demandKnown } from './known.js';
import { stretchOf, type PlaceArguments } from './asked-stretch.js';
import type { ApiContext } from './request.js';
import type {
  ModelConfusionArgs,
  ModelExpectationsArgs,
  ModelFairnessArgs,
  ModelPerformanceArgs,
  ModelSegmentsArgs,
  ModelServiceArgs,
  ModelSlowCallsArgs,
  ModelSlowestArgs,
} from './schema.generated.js';

/** Rows shown beside an expectation that they break. */
const MOST_EXAMPLES = 20;

/** How well a model does, by the labels that have come. */
@Resolver('Model')
export class ModelPerformanceResolver {
  constructor(private readonly service: Service) {}

  @ResolveField('performance')
  async performance(
    @Parent() registered: RegisteredModel,
    @Args() { segment, metric, ...place }: ModelPerformanceArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly JudgedSeries[]> {
    const { model } = registered;
    demandKnown('metric', metric, performanceNames(model));
    const { stretch, baseline } = await this.heldOver(registered, place, context);
    const { version } = stretch;
    const { outcomes, clock, database } = this.service.stages;
    const { since, until } = await this.shownStretch(model, stretch, place);
    const segments = segmentsOf(baseline);
    demandKnown('segment', segment, segments.keys());
    const series = await readPerformance(
      { outcomes, baseline },
      {
        model,
        version,
        segment: segments.get(segment ?? '') ?? null,
        metrics: metric ?? null,
        since,
        until,
        now: clock.now(),
      },
    );
    return readJudged(database, model.key, series);
  }

  @ResolveField('segments')
  async segments(
    @Parent() registered: RegisteredModel,
    @Args() place: ModelSegmentsArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly SegmentStanding[]> {
    const { stretch, baseline } = await this.heldOver(registered, place, context);
    const { outcomes } = this.service.stages;
    return readSegments({ outcomes, baseline }, registered.model, stretch);
  }

  @ResolveField('fairness')
  async fairness(
    @Parent() registered: RegisteredModel,
    @Args() place: ModelFairnessArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly GroupStanding[]> {
    const { stretch, baseline } = await this.heldOver(registered, place, context);
    const { outcomes } = this.service.stages;
    const rules = baseline ? selectionRules(baseline) : [];
    const asked = { baseline: baseline?.id ?? '', rules: rules.map(({ name }) => name) };
    const found = await outcomes.measures(registered.model, inOneWindow(stretch), asked);
    return groupStandings(rules, [...found.values()][0] ?? {});
  }

  @ResolveField('expectations')
  async expectations(
    @Parent() registered: RegisteredModel,
    @Args() { examples, ...place }: ModelExpectationsArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly (ExpectationStanding & { readonly measured: boolean })[]> {
    const most = examples ?? 0;
    if (most < 0 || most > MOST_EXAMPLES)
      throw new BadInput(`examples: between 0 and ${MOST_EXAMPLES}`, 'examples');
    const stretch = stretchOf(this.service, registered, place, context);
    const standings = await readExpectations(this.service.stages, registered, stretch, most);
    return standings.map((standing) => ({ ...standing, measured: true }));
  }

  @ResolveField('confusion')
  async confusion(
    @Parent() registered: RegisteredModel,
    @Args() place: ModelConfusionArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<ConfusionTable> {
    const { model } = registered;
    if (model.task === 'regression')
      throw new BadInput('confusion: a regression has no classes; ask for performance', 'confusion');
    const stretch = stretchOf(this.service, registered, place, context);
    return readConfusion(this.service.stages.outcomes, model, stretch);
  }

  @ResolveField('service')
  async calls(
    @Parent() registered: RegisteredModel,
    @Args() place: ModelServiceArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly ServicePoint[]> {
    const stretch = stretchOf(this.service, registered, place, context);
    return readService(this.service.stages.outcomes, registered.model, stretch);
  }

  @ResolveField('slowest')
  async slowest(
    @Parent() registered: RegisteredModel,
    @Args() { first, ...place }: ModelSlowestArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly SlowCall[]> {
    const stretch = stretchOf(this.service, registered, place, context);
    return this.service.stages.outcomes.slowest(registered.model, stretch, pageSize(first));
  }

  @ResolveField('slowCalls')
  async slowCalls(
    @Parent() registered: RegisteredModel,
    @Args() { first, aboveMs = null, ...place }: ModelSlowCallsArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<SlowCalls> {
    if (aboveMs !== null && !(aboveMs > 0)) throw new BadInput('aboveMs: milliseconds above 0', 'aboveMs');
    const { stretch, baseline } = await this.heldOver(registered, place, context);
    const asked = { ...stretch, aboveMs, most: pageSize(first) };
    return readSlowCalls(this.service.stages, { model: registered.model, baseline }, asked);
  }

  /** Where nobody names a stretch, the newest that has labels. */
  private async shownStretch(
    model: Model,
    { version, from, to }: Omit<Span, 'widthMs'>,
    { since, until }: PlaceArguments,
  ) {
    const asked = { since: from, until: to };
    if (since || until) return asked;
    const place = { model: model.key, version, widthMs: model.window };
    return usualSpan(model, await labelledTo(this.service.stages.database, place, MOST_DAYS_READ)) ?? asked;
  }

  /** The stretch that is asked about, and the reference that its version is held against. */
  private async heldOver(registered: RegisteredModel, place: PlaceArguments, context: Partial<ApiContext>) {
    const stretch = stretchOf(this.service, registered, place, context);
    const { references } = this.service.stages;
    return { stretch, baseline: await references.baselineOf(heldAgainst(registered, stretch.version)) };
  }
}

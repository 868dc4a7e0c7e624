import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GroupStanding } from '../checks/group-standing.js';
import { Clock } from '../domain/clock.js';
import type { ConfusionTable } from '../pipeline/confusion.js';
import { performanceNames } from '../pipeline/performance.js';
import type { JudgedSegment, JudgedSeries } from '../pipeline/judged-metrics.js';
import type { ExpectationStanding } from '../pipeline/expectations.js';
import { PerformanceReads } from '../pipeline/performance-reads.js';
import { segmentsOf } from '../pipeline/segments.js';
import type { SlowCalls } from '../pipeline/slow-calls.js';
import type { ServicePoint } from '../pipeline/service-points.js';
import type { SlowCall } from '../profiles/outcomes.js';
import { isBeside } from '../registry/answering.js';
import type { RegisteredModel } from '../registry/registry.js';
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
  constructor(
    private readonly reads: PerformanceReads,
    private readonly clock: Clock,
  ) {}

  @ResolveField('performance')
  async performance(
    @Parent() registered: RegisteredModel,
    @Args() { segment, metric, ...place }: ModelPerformanceArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly JudgedSeries[]> {
    const { model } = registered;
    demandKnown('metric', metric, performanceNames(model));
    const { stretch, baseline } = await this.labelledOver(registered, place, context);
    const { version, from: since, to: until } = stretch;
    const segments = segmentsOf(baseline);
    demandKnown('segment', segment, segments.keys());
    const named = segments.get(segment ?? '') ?? null;
    const span = { since, until, now: this.clock.now() };
    return this.reads.judged(baseline, {
      model,
      version,
      segment: named,
      metrics: metric ?? null,
      byRequest: isBeside(registered.versions, version),
      ...span,
    });
  }

  @ResolveField('segments')
  async segments(
    @Parent() registered: RegisteredModel,
    @Args() place: ModelSegmentsArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly JudgedSegment[]> {
    const { stretch, baseline } = await this.labelledOver(registered, place, context);
    return this.reads.segments(baseline, registered.model, stretch);
  }

  @ResolveField('fairness')
  async fairness(
    @Parent() registered: RegisteredModel,
    @Args() place: ModelFairnessArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly GroupStanding[]> {
    const { stretch, baseline } = await this.labelledOver(registered, place, context);
    return this.reads.fairness(baseline, registered.model, stretch);
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
    const stretch = stretchOf(this.clock, registered, place, context);
    const standings = await this.reads.expectations(registered, stretch, most);
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
    const stretch = stretchOf(this.clock, registered, place, context);
    return this.reads.confusion(registered, await this.reads.labelled(model, stretch, place));
  }

  @ResolveField('service')
  async calls(
    @Parent() registered: RegisteredModel,
    @Args() place: ModelServiceArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly ServicePoint[]> {
    const stretch = stretchOf(this.clock, registered, place, context);
    return this.reads.service(registered.model, stretch);
  }

  @ResolveField('slowest')
  async slowest(
    @Parent() registered: RegisteredModel,
    @Args() { first, ...place }: ModelSlowestArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly SlowCall[]> {
    const stretch = stretchOf(this.clock, registered, place, context);
    return this.reads.slowest(registered.model, stretch, pageSize(first));
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
    return this.reads.slowCalls({ model: registered.model, baseline }, asked);
  }

  /** The same where it is asked what labels say: where nobody names a stretch, the newest that has labels. */
  private async labelledOver(
    registered: RegisteredModel,
    place: PlaceArguments,
    context: Partial<ApiContext>,
  ) {
    const { stretch, baseline } = await this.heldOver(registered, place, context);
    return { stretch: await this.reads.labelled(registered.model, stretch, place), baseline };
  }

  /** The stretch that is asked about, and the reference that its version is held against. */
  private async heldOver(registered: RegisteredModel, place: PlaceArguments, context: Partial<ApiContext>) {
    const stretch = stretchOf(this.clock, registered, place, context);
    return { stretch, baseline: await this.reads.baselineFor(registered, stretch.version) };
  }
}

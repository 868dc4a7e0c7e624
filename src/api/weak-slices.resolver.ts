import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Clock } from '../domain/clock.js';
import { ModelActions } from '../pipeline/model-actions.js';
import { ModelReads } from '../pipeline/model-reads.js';
import { PerformanceReads } from '../pipeline/performance-reads.js';
import type { FoundSlice } from '../pipeline/weak-slices.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { stretchOf } from './asked-stretch.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { demandModel } from './known.js';
import { price } from './price.js';
import type { ApiContext } from './request.js';
import type { ModelWeakSlicesArgs, SegmentAdoptInput } from './schema.generated.js';

/** Searches that one request may ask for: each reads rows. */
const MOST_SEARCHES = 2;

/** Parts of the rows that are answered badly, and how they become segments. */
@Resolver('Model')
@Needs('read')
export class WeakSlicesResolver {
  constructor(
    private readonly reads: ModelReads,
    private readonly performance: PerformanceReads,
    private readonly actions: ModelActions,
    private readonly registry: Registry,
    private readonly clock: Clock,
  ) {}

  @ResolveField('weakSlices')
  async weakSlices(
    @Parent() registered: RegisteredModel,
    @Args() { pairs, ...place }: ModelWeakSlicesArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly FoundSlice[]> {
    price(context.req, 'weak slices', MOST_SEARCHES);
    const asked = stretchOf(this.clock, registered, place, context);
    const stretch = await this.performance.labelled(registered.model, asked, place);
    return this.reads.weakSlices(registered, { ...stretch, pairs: pairs ?? false });
  }

  @Mutation('segmentAdopt')
  @Needs('operate')
  async adopt(
    @Args('input') { model, key }: SegmentAdoptInput,
    @Context() context: ApiContext,
  ): Promise<{ readonly model: RegisteredModel | null; readonly userErrors: readonly UserError[] }> {
    try {
      const { registry } = this;
      demandModel(model, registry.models());
      await this.actions.adoptSegment(model, key, actorOf(context.req.principal));
      return { model: registry.load(model), userErrors: [] };
    } catch (error) {
      return { model: null, userErrors: userErrorsOf(error) };
    }
  }
}

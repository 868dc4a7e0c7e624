import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { adoptSegment } from '../pipeline/adopt-segment.js';
import { findWeakSlices, type FoundSlice } from '../pipeline/weak-slices.js';
import type { RegisteredModel } from '../registry/registry.js';
import { actorOf } from '../registry/principal.js';
import { Service } from '../service.js';
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
  constructor(private readonly service: Service) {}

  @ResolveField('weakSlices')
  async weakSlices(
    @Parent() registered: RegisteredModel,
    @Args() { pairs, ...place }: ModelWeakSlicesArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly FoundSlice[]> {
    price(context.req, 'weak slices', MOST_SEARCHES);
    const stretch = stretchOf(this.service, registered, place, context);
    return findWeakSlices(this.service.stages, registered, { ...stretch, pairs: pairs ?? false });
  }

  @Mutation('segmentAdopt')
  @Needs('operate')
  async adopt(
    @Args('input') { model, key }: SegmentAdoptInput,
    @Context() context: ApiContext,
  ): Promise<{ readonly model: RegisteredModel | null; readonly userErrors: readonly UserError[] }> {
    try {
      const { registry, stages } = this.service;
      demandModel(model, registry.models());
      await adoptSegment(stages, registry.load(model), key, actorOf(context.req.principal));
      return { model: registry.load(model), userErrors: [] };
    } catch (error) {
      return { model: null, userErrors: userErrorsOf(error) };
    }
  }
}

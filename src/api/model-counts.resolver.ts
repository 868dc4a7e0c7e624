import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import {
  environmentCounts,
  eventCounts,
  unknownPredictions,
  type EventCounts,
} from '../ingest/landing/event-counts.js';
import type { RegisteredModel } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import { price } from './price.js';
import { stretch, type ApiContext } from './request.js';
import { SharedWork } from './shared-work.js';
import type { ModelCountsArgs, ModelUnknownPredictionsArgs } from './schema.generated.js';

/** Two pages of models: each count reads all rows of its range. */
const MOST_COUNTS = 400;
/** Ids are looked up one by one. */
const MOST_IDS = 1000;

/** How many events of a model there are. */
@Resolver('Model')
@Needs('read')
export class ModelCountsResolver {
  private readonly counting = new SharedWork<EventCounts>();

  constructor(private readonly database: Database) {}

  @ResolveField('counts')
  async counts(
    @Parent() { model }: RegisteredModel,
    @Args() range: ModelCountsArgs,
    @Context() context: ApiContext,
  ): Promise<EventCounts> {
    const [since, until] = stretch(range);
    // Aliases and people that ask the same at once are one question to the store.
    return this.counting.run(JSON.stringify([model.key, since, until]), async () => {
      price(context.req, 'the counts of a model', MOST_COUNTS);
      return eventCounts(this.database, model, { since, until });
    });
  }

  @ResolveField('unknownPredictions')
  async unknown(
    @Parent() { model }: RegisteredModel,
    @Args() { ids }: ModelUnknownPredictionsArgs,
    @Context() context: ApiContext,
  ): Promise<readonly string[]> {
    if (ids.length > MOST_IDS)
      throw new BadInput(`${ids.length} ids are more than the ${MOST_IDS} that are looked up at once`, 'ids');
    price(context.req, 'the ids of a model', MOST_COUNTS);
    return unknownPredictions(this.database, model.key, ids);
  }

  @ResolveField('environments')
  async environments(@Parent() { model }: RegisteredModel): Promise<readonly object[]> {
    const counts = await environmentCounts(this.database, model.key);
    return counts.map((one) => ({ ...one, monitored: model.environments.includes(one.environment) }));
  }
}

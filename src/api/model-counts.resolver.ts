import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { environmentCounts, eventCounts, type EventCounts } from '../ingest/landing/event-counts.js';
import type { RegisteredModel } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { Needs } from './access.js';
import { price } from './price.js';
import { stretch, type ApiContext } from './request.js';
import { SharedWork } from './shared-work.js';
import type { ModelCountsArgs } from './schema.generated.js';

/** Two pages of models: each count reads all rows of its range. */
const MOST_COUNTS = 400;

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

  @ResolveField('environments')
  async environments(@Parent() { model }: RegisteredModel): Promise<readonly object[]> {
    const counts = await environmentCounts(this.database, model.key);
    return counts.map((one) => ({ ...one, monitored: model.environments.includes(one.environment) }));
  }
}

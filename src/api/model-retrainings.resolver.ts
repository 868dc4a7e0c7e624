import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RegisteredModel } from '../registry/registry.js';
import type { RetrainingStory } from '../retraining/story.js';
import { Retrainings } from '../retraining/retrainings.js';
import { Needs } from './access.js';
import { connectionFrom, type Connection } from './connection.js';
import type { ModelRetrainingsArgs } from './schema.generated.js';

/** A model's side of training: every decision about it. */
@Resolver('Model')
@Needs('read')
export class ModelRetrainingsResolver {
  constructor(private readonly known: Retrainings) {}

  @ResolveField('retrainings')
  retrainings(
    @Parent() { model }: RegisteredModel,
    @Args() page: ModelRetrainingsArgs,
  ): Connection<RetrainingStory> {
    return connectionFrom(this.known.history(model.key), page, ({ id }) => id);
  }
}

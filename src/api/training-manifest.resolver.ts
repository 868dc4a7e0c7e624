import { GraphQLError } from 'graphql';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { RetrainingReads } from '../pipeline/retraining-reads.js';
import { Registry } from '../registry/registry.js';
import type { RecordedManifest, TrainingManifest } from '../retraining/manifest.js';
import type { RetrainingStory } from '../retraining/story.js';
import { Retrainings } from '../retraining/retrainings.js';
import { Needs } from './access.js';
import { demandModel } from './known.js';
import { price } from './price.js';
import { TakenAlong } from './taken-along.js';
import { instant, type ApiContext } from './request.js';
import type { QueryTrainingManifestArgs } from './schema.generated.js';

type Shown = TrainingManifest & {
  readonly copies: readonly object[];
  readonly digest: string;
  readonly document: TrainingManifest;
};

/** Counting joins every row of the period with its label: one at a time is enough. */
const MOST_PREVIEWS = 2;

/** What a training learns from: recorded for a run, or counted now to be looked at. */
@Resolver('Retraining')
@Needs('examine')
export class TrainingManifestResolver {
  constructor(
    private readonly registry: Registry,
    private readonly retrainings: Retrainings,
    private readonly reads: RetrainingReads,
    private readonly along: TakenAlong,
  ) {}

  @Query('trainingManifest')
  async preview(
    @Args() { model, until }: QueryTrainingManifestArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<Shown> {
    price(context.req, 'a preview of a manifest', MOST_PREVIEWS);
    demandModel(model, this.registry.models());
    const taken = { what: 'the manifest of a training', models: [model] };
    const why = context.req && (await this.along.whyNot(context.req.principal, taken));
    if (why) throw new GraphQLError(why, { extensions: { code: 'FORBIDDEN' } });
    return shown(await this.reads.manifest(model, instant(until)));
  }

  @ResolveField('manifest')
  recorded(@Parent() { id }: RetrainingStory): Shown | null {
    const found = this.retrainings.manifestOf(id);
    return found ? shown(found) : null;
  }
}

function shown({ manifest, digest }: RecordedManifest): Shown {
  return { ...manifest, copies: manifest.copies ?? [], digest, document: manifest };
}

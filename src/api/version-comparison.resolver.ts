import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { VersionComparison } from '../domain/version-comparison.js';
import { ModelReads } from '../pipeline/model-reads.js';
import { rivalOf } from '../registry/answering.js';
import type { RegisteredModel } from '../registry/registry.js';
import { BadInput } from './graphql-errors.js';
import { demandVersion } from './known.js';
import { price } from './price.js';
import { stretch, type ApiContext } from './request.js';
import type { ModelCompareArgs } from './schema.generated.js';

/** Comparisons that one request may ask for: each reads the rows of two versions. */
const MOST_COMPARISONS = 3;

/** Two versions of a model side by side. */
@Resolver('Model')
export class VersionComparisonResolver {
  constructor(private readonly reads: ModelReads) {}

  @ResolveField('compare')
  async compare(
    @Parent() registered: RegisteredModel,
    @Args() { version, to, since, until }: ModelCompareArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<VersionComparison> {
    price(context.req, 'a comparison of versions', MOST_COMPARISONS);
    demandVersion(version, [registered]);
    const other = to ?? rivalOf(registered.versions, version)?.version;
    if (other === undefined)
      throw new BadInput(
        `to: no other version of ${registered.model.key} answers or did before: say which one`,
        'to',
      );
    demandVersion(other, [registered], 'to');
    if (version === other) throw new BadInput('to: a version is not compared with itself', 'to');
    const [from, end] = stretch({ since, until });
    const asked = { own: version, other, since: from, until: end };
    return this.reads.comparison(registered, asked);
  }
}

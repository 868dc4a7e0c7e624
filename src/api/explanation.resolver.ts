import { Args, Query, Resolver } from '@nestjs/graphql';
import { CHECKS } from '../domain/check-result.js';
import { Deliveries } from '../notify/deliveries.js';
import { IncidentReads } from '../pipeline/incident-reads.js';
import type { Explanation } from '../pipeline/why-not.js';
import { whyNotified } from '../pipeline/why-notified.js';
import { Registry } from '../registry/registry.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import { demandKnown, demandModel, demandVersion } from './known.js';
import { instant } from './request.js';
import type { QueryWhyNotArgs, QueryWhyNotifiedArgs } from './schema.generated.js';

/** Why somebody heard of something, or did not. */
@Resolver()
@Needs('read')
export class ExplanationResolver {
  constructor(
    private readonly reads: IncidentReads,
    private readonly deliveries: Deliveries,
    private readonly registry: Registry,
  ) {}

  @Query('whyNotified')
  notified(@Args('delivery') id: QueryWhyNotifiedArgs['delivery']): Explanation {
    const found = this.deliveries.find(id);
    if (!found)
      throw new BadInput(
        `there is no delivery ${id}; \`deliveries\` (\`tidewatch delivery list\`) lists them`,
        'delivery',
      );
    return whyNotified(found);
  }

  @Query('whyNot')
  async not(@Args() { model, check, feature, segment, version, at }: QueryWhyNotArgs): Promise<Explanation> {
    demandModel(model, this.registry.models());
    demandVersion(version, [this.registry.load(model)]);
    demandKnown('check', check, CHECKS);
    const when = instant(at);
    if (when === null) throw new BadInput('at: write an instant', 'at');
    const asked = {
      model,
      check,
      feature: feature ?? null,
      segment: segment ?? '',
      version: version ?? null,
      at: when,
    };
    const explanation = await this.reads.explain(asked);
    // A feature that no window ever had reads as "there were no data".
    if (feature && explanation.cause === 'NO_DATA') {
      const judged = await this.reads.judgedFeatures([this.registry.load(model).model], check);
      if (judged.length > 0) demandKnown('feature', feature, judged);
    }
    return explanation;
  }
}

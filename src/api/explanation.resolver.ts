import { Args, Query, Resolver } from '@nestjs/graphql';
import { CHECKS } from '../domain/check-result.js';
import { explainTelling } from '../pipeline/explain-telling.js';
import { judgedFeatures } from '../pipeline/judged-features.js';
import type { Explanation } from '../pipeline/why-not.js';
import { whyNotified } from '../pipeline/why-notified.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import { demandKnown, demandModel, demandVersion } from './known.js';
import { instant } from './request.js';
import type { QueryWhyNotArgs, QueryWhyNotifiedArgs } from './schema.generated.js';

/** Why somebody heard of something, or did not. */
@Resolver()
@Needs('read')
export class ExplanationResolver {
  constructor(private readonly service: Service) {}

  @Query('whyNotified')
  notified(@Args('delivery') id: QueryWhyNotifiedArgs['delivery']): Explanation {
    const found = this.service.stages.deliveries.find(id);
    if (!found)
      throw new BadInput(
        `there is no delivery ${id}; \`deliveries\` (\`tidewatch delivery list\`) lists them`,
        'delivery',
      );
    return whyNotified(found);
  }

  @Query('whyNot')
  async not(@Args() { model, check, feature, segment, version, at }: QueryWhyNotArgs): Promise<Explanation> {
    demandModel(model, this.service.registry.models());
    demandVersion(version, [this.service.registry.load(model)]);
    demandKnown('check', check, CHECKS);
    const when = instant(at);
    if (when === null) throw new BadInput('at: write an instant', 'at');
    const { stages } = this.service;
    const asked = {
      model,
      check,
      feature: feature ?? null,
      segment: segment ?? '',
      version: version ?? null,
      at: when,
    };
    const explanation = await explainTelling(stages, asked);
    // A feature that no window ever had reads as "there were no data".
    if (feature && explanation.cause === 'NO_DATA') {
      const judged = await judgedFeatures(stages.database, [stages.registry.load(model).model], check);
      if (judged.length > 0) demandKnown('feature', feature, judged);
    }
    return explanation;
  }
}

import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Delivery } from '../notify/delivery.js';
import { personOf } from '../registry/principal.js';
import { DeliveryReads } from '../pipeline/delivery-reads.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import { shownDelivery } from './shown-delivery.js';
import type { DestinationTestInput } from './schema.generated.js';
import { DeliveryActions } from '../pipeline/delivery-actions.js';

/** Where channels lead, and whether somebody is there. */
@Resolver('Channel')
@Needs('read')
export class ChannelResolver {
  constructor(
    private readonly reads: DeliveryReads,
    private readonly actions: DeliveryActions,
  ) {}

  @Query('channels')
  channels(): readonly object[] {
    return this.reads.health();
  }

  @Mutation('destinationTest')
  @Needs('operate')
  async test(
    @Args('input') { destination }: DestinationTestInput,
    @Context() { req }: ApiContext,
  ): Promise<{ deliveries: readonly object[]; userErrors: readonly UserError[] }> {
    try {
      const sent = await this.actions.test(destination, personOf(req.principal));
      return { deliveries: sent.map((one) => this.shown(one)), userErrors: [] };
    } catch (error) {
      return { deliveries: [], userErrors: userErrorsOf(error) };
    }
  }

  private shown(delivery: Delivery): object {
    return shownDelivery(delivery, this.reads);
  }
}

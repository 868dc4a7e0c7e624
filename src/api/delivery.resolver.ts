import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Delivery } from '../notify/delivery.js';
import { actorOf } from '../registry/principal.js';
import { DeliveryReads } from '../pipeline/delivery-reads.js';
import { Needs } from './access.js';
import { pageSize } from './connection.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { stretch, type ApiContext } from './request.js';
import { shownDelivery } from './shown-delivery.js';
import type {
  DeliveriesReplayInput,
  DeliveryReplayInput,
  DestinationEnableInput,
  QueryDeliveriesArgs,
} from './schema.generated.js';
import { DeliveryActions } from '../pipeline/delivery-actions.js';

/** What is owed to whom, and what a person does about it. */
@Resolver('Delivery')
@Needs('read')
export class DeliveryResolver {
  constructor(
    private readonly reads: DeliveryReads,
    private readonly actions: DeliveryActions,
  ) {}

  @Query('deliveries')
  deliveries(@Args() { states, first }: QueryDeliveriesArgs): readonly object[] {
    const all = this.reads.deliveries.list().filter((delivery) => states?.includes(delivery.state) ?? true);
    return all.slice(0, pageSize(first)).map((delivery) => this.shown(delivery));
  }

  @Mutation('deliveryReplay')
  @Needs('operate')
  async replay(
    @Args('input') { id }: DeliveryReplayInput,
    @Context() { req }: ApiContext,
  ): Promise<{ delivery: object | null; userErrors: readonly UserError[] }> {
    try {
      await this.actions.replay(id, actorOf(req.principal));
      const delivery = this.reads.deliveries.find(id);
      return { delivery: delivery ? this.shown(delivery) : null, userErrors: [] };
    } catch (error) {
      return { delivery: null, userErrors: userErrorsOf(error) };
    }
  }

  @Mutation('deliveriesReplay')
  @Needs('operate')
  async replayAll(
    @Args('input') { destination, since, until }: DeliveriesReplayInput,
    @Context() { req }: ApiContext,
  ): Promise<{ deliveries: readonly object[]; userErrors: readonly UserError[] }> {
    const [from, to] = stretch({ since, until });
    const range = { destination: destination ?? null, since: from, until: to };
    try {
      const sent = await this.actions.replayAll(range, actorOf(req.principal));
      return { deliveries: sent.map((one) => this.shown(one)), userErrors: [] };
    } catch (error) {
      return { deliveries: [], userErrors: userErrorsOf(error) };
    }
  }

  @Mutation('destinationEnable')
  @Needs('operate')
  async enable(
    @Args('input') { destination, note }: DestinationEnableInput,
    @Context() { req }: ApiContext,
  ): Promise<{ destination: string | null; userErrors: readonly UserError[] }> {
    try {
      await this.actions.enable(destination, note, actorOf(req.principal));
      return { destination, userErrors: [] };
    } catch (error) {
      return { destination: null, userErrors: userErrorsOf(error) };
    }
  }

  private shown(delivery: Delivery): object {
    return shownDelivery(delivery, this.reads);
  }
}

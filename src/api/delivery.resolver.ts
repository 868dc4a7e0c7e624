import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { NewEntry } from '../domain/ledger-entry.js';
import { enableDestination, replayDeliveries, replayDelivery } from '../notify/delivery-commands.js';
import type { Delivery } from '../notify/delivery.js';
import { actorOf } from '../registry/principal.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { pageSize } from './connection.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { instant, type ApiContext } from './request.js';
import { shownDelivery } from './shown-delivery.js';
import type {
  DeliveriesReplayInput,
  DeliveryReplayInput,
  DestinationEnableInput,
  QueryDeliveriesArgs,
} from './schema.generated.js';

/** What is owed to whom, and what a person does about it. */
@Resolver('Delivery')
@Needs('read')
export class DeliveryResolver {
  constructor(private readonly service: Service) {}

  @Query('deliveries')
  deliveries(@Args() { states, first }: QueryDeliveriesArgs): readonly object[] {
    const all = this.service.stages.deliveries
      .list()
      .filter((delivery) => states?.includes(delivery.state) ?? true);
    return all.slice(0, pageSize(first)).map((delivery) => this.shown(delivery));
  }

  @Mutation('deliveryReplay')
  @Needs('operate')
  async replay(
    @Args('input') { id }: DeliveryReplayInput,
    @Context() context: ApiContext,
  ): Promise<{ delivery: object | null; userErrors: readonly UserError[] }> {
    const { deliveries } = this.service.stages;
    const actor = actorOf(context.req.principal);
    const userErrors = await this.change((now) => replayDelivery(deliveries, id, actor, now));
    const delivery = userErrors.length === 0 ? deliveries.find(id) : undefined;
    return { delivery: delivery ? this.shown(delivery) : null, userErrors };
  }

  @Mutation('deliveriesReplay')
  @Needs('operate')
  async replayAll(
    @Args('input')
    { destination, since, until }: DeliveriesReplayInput,
    @Context() context: ApiContext,
  ): Promise<{ deliveries: readonly object[]; userErrors: readonly UserError[] }> {
    const { deliveries } = this.service.stages;
    const range = { destination: destination ?? null, since: instant(since), until: instant(until) };
    const actor = actorOf(context.req.principal);
    let ids: readonly string[] = [];
    const userErrors = await this.change((now) => {
      const entries = replayDeliveries(deliveries, range, actor, now);
      ids = entries.map(({ subject }) => subject.id);
      return entries;
    });
    const sent = userErrors.length === 0 ? ids.flatMap((id) => deliveries.find(id) ?? []) : [];
    return { deliveries: sent.map((one) => this.shown(one)), userErrors };
  }

  @Mutation('destinationEnable')
  @Needs('operate')
  async enable(
    @Args('input') input: DestinationEnableInput,
    @Context() context: ApiContext,
  ): Promise<{ destination: string | null; userErrors: readonly UserError[] }> {
    const actor = actorOf(context.req.principal);
    const { deliveries } = this.service.stages;
    const userErrors = await this.change((now) => enableDestination(deliveries, input, actor, now));
    return { destination: userErrors.length === 0 ? input.destination : null, userErrors };
  }

  private async change(decide: (now: Date) => readonly NewEntry[]): Promise<readonly UserError[]> {
    try {
      await this.service.ledger.transact(decide);
      return [];
    } catch (error) {
      return userErrorsOf(error);
    }
  }

  private shown(delivery: Delivery): object {
    return shownDelivery(delivery, this.service.stages);
  }
}

import { randomBytes } from 'node:crypto';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { DeliveryState } from '../notify/delivery.js';
import { KEY_BYTES, type Scope } from '../registry/keys.js';
import { Service } from '../service.js';
import { actorOf, Needs } from './access.js';
import { pageSize } from './connection.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';

/** Keys are made and ended here; nobody can read one back. */
@Resolver()
@Needs('admin')
export class KeyResolver {
  constructor(private readonly service: Service) {}

  @Mutation('keyCreate')
  async create(
    @Args('input') input: { name: string; scopes: readonly string[] },
    @Context() context: ApiContext,
  ): Promise<object> {
    const scopes = input.scopes.map((scope) => scope.toLowerCase() as Scope);
    const request = { name: input.name, scopes, actor: actorOf(context.req.principal) };
    const random = randomBytes(KEY_BYTES);
    let made: { id: string; token: string } | null = null;
    await this.service.ledger.transact((now) => {
      const { id, token, entries } = this.service.keys.create(request, random, now);
      made = { id, token };
      return entries;
    });
    return Object.assign({ userErrors: [] }, made);
  }

  @Mutation('keyRevoke')
  async revoke(
    @Args('input') input: { id: string; reason: string },
    @Context() context: ApiContext,
  ): Promise<{ id: string | null; userErrors: readonly UserError[] }> {
    const actor = actorOf(context.req.principal);
    try {
      await this.service.ledger.transact((now) =>
        this.service.keys.revoke(input.id, { actor, reason: input.reason }, now),
      );
      return { id: input.id, userErrors: [] };
    } catch (error) {
      return { id: null, userErrors: userErrorsOf(error) };
    }
  }
}

/** What is owed to whom. */
@Resolver()
@Needs('read')
export class DeliveryResolver {
  constructor(private readonly service: Service) {}

  @Query('deliveries')
  deliveries(@Args() { states, first }: { states?: readonly string[]; first?: number }): readonly object[] {
    const wanted = states?.map((state) => state.toLowerCase() as DeliveryState);
    const all = this.service.stages.deliveries
      .list()
      .filter((delivery) => wanted?.includes(delivery.state) ?? true);
    return all.slice(0, pageSize(first)).map((delivery) => ({
      id: delivery.id,
      state: delivery.state.toUpperCase(),
      channel: delivery.channel,
      destination: delivery.destination.address,
      attempts: delivery.attempts,
      error: delivery.error,
      caseId: delivery.message.type === 'case' ? delivery.message.caseId : null,
    }));
  }
}

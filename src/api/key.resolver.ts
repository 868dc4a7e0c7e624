import { randomBytes } from 'node:crypto';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { KEY_BYTES, type Scope } from '../registry/keys.js';
import { Service } from '../service.js';
import { actorOf, Needs } from './access.js';
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

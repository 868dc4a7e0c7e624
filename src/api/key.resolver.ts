import { randomBytes } from 'node:crypto';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { RegionArray } from '../domain/residency.js';
import { KEY_BYTES } from '../registry/keys.js';
import { actorOf } from '../registry/principal.js';
import { roleOf, type Scope } from '../domain/roles.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { BadInput, userErrorsOf, type UserError } from './graphql-errors.js';
import { demandKnown } from './known.js';
import { instant, type ApiContext } from './request.js';

interface KeyCreateInput {
  readonly name: string;
  readonly scopes?: readonly string[] | null;
  readonly role?: string | null;
  readonly owner?: string | null;
  readonly expiresAt?: string | Date | null;
  readonly models?: readonly string[] | null;
  readonly environments?: readonly string[] | null;
  readonly liesIn?: readonly string[] | null;
}

/** Keys are made and ended here; nobody can read one back. */
@Resolver()
@Needs('admin')
export class KeyResolver {
  constructor(private readonly service: Service) {}

  @Mutation('keyCreate')
  async create(@Args('input') input: KeyCreateInput, @Context() context: ApiContext): Promise<object> {
    const { models = null, environments = null } = input;
    demandKnown(
      'models',
      models,
      this.service.registry.models().map(({ model }) => model.key),
    );
    const scopes = (input.scopes ?? []).map((scope) => scope.toLowerCase() as Scope);
    const role = roleOf(input.role?.toLowerCase());
    const terms = { owner: input.owner ?? null, expiresAt: instant(input.expiresAt), models, environments };
    const liesIn = regionsOf(input.liesIn);
    const request = {
      name: input.name,
      scopes,
      role,
      actor: actorOf(context.req.principal),
      ...terms,
      liesIn,
    };
    const random = randomBytes(KEY_BYTES);
    let made: { id: string; token: string } | null = null;
    try {
      await this.service.ledger.transact((now) => {
        const { id, token, entries } = this.service.keys.create(request, random, now);
        made = { id, token };
        return entries;
      });
      return Object.assign({ userErrors: [] }, made);
    } catch (error) {
      return { id: null, token: null, userErrors: userErrorsOf(error) };
    }
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

/** Throws BadInput for what is no region. */
function regionsOf(given: readonly string[] | null | undefined): readonly string[] {
  if (!given || given.length === 0) return [];
  const parsed = RegionArray.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new BadInput(`liesIn: ${parsed.error.issues[0]?.message ?? 'is no list of regions'}`, 'liesIn');
}

import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { RegionArray } from '../domain/residency.js';
import { actorOf } from '../registry/principal.js';
import { AccessReads } from '../pipeline/access-reads.js';
import { Registry } from '../registry/registry.js';
import { Needs } from './access.js';
import { BadInput, userErrorsOf, type UserError } from './graphql-errors.js';
import { demandKnown } from './known.js';
import { instant, type ApiContext } from './request.js';
import type { KeyCreateInput, KeyRevokeInput } from './schema.generated.js';
import { KeyActions } from '../pipeline/key-actions.js';

/** Keys are listed, made and ended here; nobody can read one back. */
@Resolver()
@Needs('admin')
export class KeyResolver {
  constructor(
    private readonly reads: AccessReads,
    private readonly registry: Registry,
    private readonly actions: KeyActions,
  ) {}

  /** Every key ever made, newest last; their tokens are known to nobody. */
  @Query('keys')
  @Needs('audit')
  async list(): Promise<readonly object[]> {
    return this.reads.keys();
  }

  @Mutation('keyCreate')
  async create(@Args('input') input: KeyCreateInput, @Context() context: ApiContext): Promise<object> {
    const { models = null, environments = null } = input;
    demandKnown(
      'models',
      models,
      this.registry.models().map(({ model }) => model.key),
    );
    const { scopes, role } = input;
    const terms = { owner: input.owner ?? null, expiresAt: instant(input.expiresAt), models, environments };
    const liesIn = regionsOf(input.liesIn);
    const request = {
      name: input.name,
      scopes: scopes ?? [],
      role: role ?? null,
      actor: actorOf(context.req.principal),
      ...terms,
      liesIn,
    };
    try {
      return { ...(await this.actions.make(request)), userErrors: [] };
    } catch (error) {
      return { id: null, token: null, userErrors: userErrorsOf(error) };
    }
  }

  @Mutation('keyRevoke')
  async revoke(
    @Args('input') input: KeyRevokeInput,
    @Context() context: ApiContext,
  ): Promise<{ id: string | null; userErrors: readonly UserError[] }> {
    const actor = actorOf(context.req.principal);
    try {
      await this.actions.revoke(input.id, input.reason, actor);
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

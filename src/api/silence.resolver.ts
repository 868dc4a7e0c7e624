import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Clock } from '../domain/clock.js';
import { Silences, silenceState, type Silence, type SilenceState } from '../incidents/silences.js';
import { personOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { BadInput, userErrorsOf, type UserError } from './graphql-errors.js';
import { instant, type ApiContext } from './request.js';
import type { QuerySilencesArgs, SilenceCreateInput, SilenceExpireInput } from './schema.generated.js';
import { SilenceActions } from '../pipeline/silence-actions.js';

interface SilencePayload {
  readonly silence: Silence | null;
  readonly userErrors: readonly UserError[];
}

/** Times in which something is not told. */
@Resolver('Silence')
@Needs('read')
export class SilenceResolver {
  constructor(
    private readonly known: Silences,
    private readonly clock: Clock,
    private readonly actions: SilenceActions,
  ) {}

  @Query('silences')
  silences(@Args('states') states?: QuerySilencesArgs['states']): readonly Silence[] {
    const all = this.known.list();
    return all.filter((one) => states?.includes(this.state(one)) ?? true);
  }

  @Mutation('silenceCreate')
  @Needs('operate')
  async create(
    @Args('input') input: SilenceCreateInput,
    @Context() { req }: ApiContext,
  ): Promise<SilencePayload> {
    const { matchers, comment } = input;
    const endsAt = instant(input.endsAt);
    if (endsAt === null) throw new BadInput('endsAt: write when it ends', 'endsAt');
    const wish = { matchers, comment, startsAt: instant(input.startsAt), endsAt };
    return this.change(async () => this.actions.create(wish, personOf(req.principal)));
  }

  @Mutation('silenceExpire')
  @Needs('operate')
  async expire(
    @Args('input') { id }: SilenceExpireInput,
    @Context() { req }: ApiContext,
  ): Promise<SilencePayload> {
    return this.change(async () => {
      await this.actions.end(id, personOf(req.principal));
      return id;
    });
  }

  @ResolveField('state')
  state(@Parent() one: Silence): SilenceState {
    return silenceState(one, this.clock.now());
  }

  private async change(act: () => Promise<string>): Promise<SilencePayload> {
    try {
      const id = await act();
      return { silence: this.known.find(id) ?? null, userErrors: [] };
    } catch (error) {
      return { silence: null, userErrors: userErrorsOf(error) };
    }
  }
}

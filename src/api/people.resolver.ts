import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PeopleActions } from '../pipeline/people-actions.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { PersonEraseInput } from './schema.generated.js';

/** People who signed in: who they are, and the end of that. */
@Resolver()
@Needs('admin')
export class PeopleResolver {
  constructor(private readonly actions: PeopleActions) {}

  @Query('people')
  @Needs('audit')
  async people(): Promise<readonly object[]> {
    return this.actions.list();
  }

  @Mutation('personErase')
  async erase(
    @Args('input') { id, reason }: PersonEraseInput,
    @Context() { req }: ApiContext,
  ): Promise<{ readonly id: string | null; readonly userErrors: readonly UserError[] }> {
    try {
      await this.actions.erase({ id, reason, actor: actorOf(req.principal) });
      return { id, userErrors: [] };
    } catch (error) {
      return { id: null, userErrors: userErrorsOf(error) };
    }
  }
}

import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { eraseKnownPerson } from '../pipeline/erase-known-person.js';
import { actorOf } from '../registry/principal.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { PersonEraseInput } from './schema.generated.js';

/** People who signed in: who they are, and the end of that. */
@Resolver()
@Needs('admin')
export class PeopleResolver {
  constructor(private readonly service: Service) {}

  @Query('people')
  @Needs('audit')
  async people(): Promise<readonly object[]> {
    const { people, sessions, options } = this.service;
    // Another process may have let somebody in.
    await people.load();
    const now = options.clock.now();
    return people.list().map((one) => ({ ...one, signIns: sessions.list(now, one.id).length }));
  }

  @Mutation('personErase')
  async erase(
    @Args('input') { id, reason }: PersonEraseInput,
    @Context() { req }: ApiContext,
  ): Promise<{ readonly id: string | null; readonly userErrors: readonly UserError[] }> {
    try {
      await eraseKnownPerson(this.service, { id, reason, actor: actorOf(req.principal) });
      return { id, userErrors: [] };
    } catch (error) {
      return { id: null, userErrors: userErrorsOf(error) };
    }
  }
}

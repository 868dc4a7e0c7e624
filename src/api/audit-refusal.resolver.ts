import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AuditActions } from '../pipeline/audit-actions.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { AuditRefusalsReviewInput } from './schema.generated.js';

/** Rows of the ledger that somebody else wrote, and what a person says to them. */
@Resolver()
@Needs('audit')
export class AuditRefusalResolver {
  constructor(private readonly actions: AuditActions) {}

  @Query('auditRefusals')
  auditRefusals(): readonly object[] {
    return this.actions.refusals();
  }

  @Mutation('auditRefusalsReview')
  @Needs('admin')
  async review(
    @Args('input') input: AuditRefusalsReviewInput,
    @Context() { req }: ApiContext,
  ): Promise<object> {
    const note = input.note.trim();
    if (note === '') throw new BadInput('note: write what was found out', 'note');
    const reviewed = await this.actions.reviewRefusals(actorOf(req.principal), note);
    return { reviewed, userErrors: [] };
  }
}

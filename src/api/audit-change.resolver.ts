import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AuditActions } from '../pipeline/audit-actions.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { changeOf } from './audit-change.js';
import { BadInput } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { AuditChangesReviewInput, QueryAuditChangesArgs } from './schema.generated.js';

/** Judged windows that somebody changed in the store, and what a person says to them. */
@Resolver()
@Needs('audit')
export class AuditChangeResolver {
  constructor(private readonly actions: AuditActions) {}

  @Query('auditChanges')
  auditChanges(@Args() { includeReviewed }: QueryAuditChangesArgs): readonly object[] {
    const { changes, knownChanges } = this.actions;
    if (includeReviewed !== true) return changes.map((window) => changeOf({ window, review: null }));
    return knownChanges.map(changeOf);
  }

  @Mutation('auditChangesReview')
  @Needs('admin')
  async review(
    @Args('input') input: AuditChangesReviewInput,
    @Context() { req }: ApiContext,
  ): Promise<object> {
    const note = input.note.trim();
    if (note === '') throw new BadInput('note: write what was found out', 'note');
    const reviewed = await this.actions.reviewChanges(actorOf(req.principal), note);
    return { reviewed, userErrors: [] };
  }
}

import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AuditActions } from '../pipeline/audit-actions.js';
import { actorOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { AuditChangesReviewInput } from './schema.generated.js';

/** Judged windows that somebody changed in the store, and what a person says to them. */
@Resolver()
@Needs('audit')
export class AuditChangeResolver {
  constructor(private readonly actions: AuditActions) {}

  @Query('auditChanges')
  auditChanges(): readonly object[] {
    return this.actions.changes.map(({ from, seq, rows, ...rest }) => ({
      ...rest,
      from: new Date(from),
      entry: seq,
      judgedRows: rows?.judged ?? null,
      foundRows: rows?.found ?? null,
    }));
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

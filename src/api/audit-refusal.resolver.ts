import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { actorOf } from '../registry/principal.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { AuditRefusalsReviewInput } from './schema.generated.js';

/** Rows of the ledger that somebody else wrote, and what a person says to them. */
@Resolver()
@Needs('audit')
export class AuditRefusalResolver {
  constructor(private readonly service: Service) {}

  @Query('auditRefusals')
  auditRefusals(): readonly object[] {
    const { ledger, stages } = this.service;
    const reviewed = new Set(stages.refusals.reviewed.map(({ hash }) => hash));
    const all = [...stages.refusals.reviewed, ...stages.refusals.open, ...ledger.refused];
    const once = new Map(all.map((one) => [one.hash, one]));
    return [...once.values()].map((one) => ({ ...one, isReviewed: reviewed.has(one.hash) }));
  }

  @Mutation('auditRefusalsReview')
  @Needs('admin')
  async review(
    @Args('input') input: AuditRefusalsReviewInput,
    @Context() { req }: ApiContext,
  ): Promise<object> {
    const note = input.note.trim();
    if (note === '') throw new BadInput('note: write what was found out', 'note');
    const { ledger, stages } = this.service;
    let reviewed = 0;
    await ledger.transact((now) => stages.refusals.record(ledger.refused, now));
    await ledger.transact((now) => {
      reviewed = stages.refusals.open.length;
      return stages.refusals.look(actorOf(req.principal), note, now);
    });
    return { reviewed, userErrors: [] };
  }
}

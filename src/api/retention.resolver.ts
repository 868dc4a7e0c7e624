import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { groupBy } from '../domain/group-by.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { deletionIn } from '../pipeline/deletion.js';
import { Holding } from '../pipeline/holding.js';
import { RetentionReads, type RetentionReport } from '../pipeline/retention-reads.js';
import type { LegalHold } from '../records/legal-holds.js';
import { Names } from '../registry/names.js';
import { personOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { stretch, type ApiContext } from './request.js';
import type {
  LegalHoldPlaceInput,
  LegalHoldReleaseInput,
  QueryLegalHoldsArgs,
  RetentionDeletedByClassArgs,
  RetentionDeletionsArgs,
} from './schema.generated.js';

interface HoldPayload {
  readonly hold: LegalHold | null;
  readonly userErrors: readonly UserError[];
}

const MOST = 1000;
/** Deletions that are summed up; more are asked for by parts of the period. */
const MOST_SUMMED = 100_000;

/** For how long things are kept, what was deleted, and what may not be. */
@Resolver('Retention')
@Needs('audit')
export class RetentionResolver {
  constructor(
    private readonly reads: RetentionReads,
    private readonly holding: Holding,
  ) {}

  @Query('retention')
  retention(): RetentionReport {
    return this.reads.report();
  }

  @ResolveField('deletions')
  async deletions(@Args('first') first: RetentionDeletionsArgs['first']): Promise<readonly object[]> {
    const limit = Math.min(Math.max(first, 1), MOST);
    return (await this.reads.deletions({ newestFirst: true, limit })).map(deletionOf);
  }

  @ResolveField('deletedByClass')
  async deletedByClass(
    @Args() { since, until }: RetentionDeletedByClassArgs,
  ): Promise<readonly object[]> {
    const [from, to] = stretch({ since, until });
    const period = { ...(from ? { since: from } : {}), ...(to ? { until: to } : {}) };
    const found = await this.reads.deletions({ ...period, limit: MOST_SUMMED });
    const all = found.map((entry) => ({ entry, ...deletionIn(entry) }));
    return [...groupBy(all, ({ dataClass, rule }) => JSON.stringify([dataClass, rule])).values()].map((group) => ({
      dataClass: group[0]?.dataClass ?? null,
      rule: group[0]?.rule ?? null,
      rows: group.reduce((sum, { rows }) => sum + rows, 0),
      models: new Set(group.flatMap(({ entry }) => (entry.subject.type === 'model' ? [entry.subject.id] : []))).size,
      entries: group.map(({ entry }) => entry.seq),
      first: group[0]?.entry.at,
      last: group.at(-1)?.entry.at,
    }));
  } // prettier-ignore

  @Query('legalHolds')
  legalHolds(@Args('inForce') inForce?: QueryLegalHoldsArgs['inForce']): readonly LegalHold[] {
    const all = this.reads.holds();
    return all.filter(({ releasedAt }) => typeof inForce !== 'boolean' || inForce === (releasedAt === null));
  }

  @Mutation('legalHoldPlace')
  @Needs('admin')
  async place(
    @Args('input') input: LegalHoldPlaceInput,
    @Context() { req }: ApiContext,
  ): Promise<HoldPayload> {
    const { model = null, subject = null, reason } = input;
    return change(async () => {
      const [since, until] = stretch(input);
      const request = { model, subject, since, until, reason };
      return this.holding.place(request, personOf(req.principal));
    });
  }

  @Mutation('legalHoldRelease')
  @Needs('admin')
  async release(
    @Args('input') input: LegalHoldReleaseInput,
    @Context() { req }: ApiContext,
  ): Promise<HoldPayload> {
    return change(async () => this.holding.release(input, personOf(req.principal)));
  }
}

/** Who placed and ended a hold, by name. */
@Resolver('LegalHold')
export class LegalHoldResolver {
  constructor(private readonly names: Names) {}

  @ResolveField('placedBy')
  placedBy(@Parent() { placedBy }: LegalHold): string {
    return this.names.of(placedBy.id);
  }

  @ResolveField('releasedBy')
  releasedBy(@Parent() { releasedBy }: LegalHold): string | null {
    return releasedBy && this.names.of(releasedBy.id);
  }

  @ResolveField('isInForce')
  isInForce(@Parent() { releasedAt }: LegalHold): boolean {
    return releasedAt === null;
  }

  @ResolveField('entry')
  entry(@Parent() { seq }: LegalHold): number {
    return seq;
  }
}

function deletionOf({ seq, at, subject, data }: LedgerEntry): object {
  const { tables, ...said } = deletionIn({ data });
  return {
    entry: seq,
    at,
    model: subject.type === 'model' ? subject.id : null,
    ...said,
    tables,
    table: tables.map(({ table }) => table).join(', '),
  };
}

async function change(act: () => Promise<LegalHold>): Promise<HoldPayload> {
  try {
    return { hold: await act(), userErrors: [] };
  } catch (error) {
    return { hold: null, userErrors: userErrorsOf(error) };
  }
}

import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../domain/ledger-entry.js';
import { Erasing, type ErasureOutlook } from '../pipeline/erasing.js';
import { Erasures, type Erasure } from '../records/erasures.js';
import { Names } from '../registry/names.js';
import { personOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import type { ApiContext } from './request.js';
import type { SubjectEraseInput } from './schema.generated.js';

interface RowsOfTable {
  readonly table: string;
  readonly rows: number;
}

interface ErasePayload {
  readonly erasure: object | null;
  readonly found: readonly RowsOfTable[];
  readonly outlook?: object | null;
  readonly userErrors: readonly UserError[];
}

/** Persons who are taken out of the store, and what became of it. */
@Resolver('Erasure')
@Needs('audit')
export class ErasureResolver {
  constructor(
    private readonly erasing: Erasing,
    private readonly known: Erasures,
    private readonly names: Names,
  ) {}

  @Query('erasures')
  erasures(): readonly object[] {
    return this.known.list().map((one) => this.shown(one));
  }

  @Mutation('subjectErase')
  @Needs('admin')
  async erase(
    @Args('input') input: SubjectEraseInput,
    @Context() { req }: ApiContext,
  ): Promise<ErasePayload> {
    const { subject, reason, dryRun } = input;
    const by = personOf(req.principal);
    try {
      const found = tablesOf(await this.erasing.look(subject));
      if (dryRun) {
        const outlook = this.outlookOf(await this.erasing.outlook(subject, by));
        return { erasure: null, found, outlook, userErrors: [] };
      }
      const wanted = { reason, evenIfAbsent: input.evenIfAbsent ?? false };
      const erasure = await this.erasing.ask(subject, wanted, by);
      return { erasure: this.shown(erasure), found, userErrors: [] };
    } catch (error) {
      return { erasure: null, found: [], userErrors: userErrorsOf(error) };
    }
  }

  private outlookOf({ kind, firstAskedBy, before, ...rest }: ErasureOutlook): object {
    return {
      ...rest,
      decision: kind,
      firstAskedBy: firstAskedBy && this.names.of(firstAskedBy.id),
      before: before && this.shown(before),
    };
  }

  private shown({ hash, erased, askedBy, approvedBy, seq, ...rest }: Erasure): object {
    const named = (actor: Actor) => this.names.of(actor.id);
    return {
      ...rest,
      id: hash,
      askedBy: named(askedBy),
      approvedBy: approvedBy && named(approvedBy),
      entry: seq,
      rows: erased ? tablesOf(erased.rows) : [],
      models: erased?.models ?? [],
      trainingRuns: erased?.trainingRuns ?? [],
    };
  }
}

function tablesOf(rows: Readonly<Record<string, number>>): readonly RowsOfTable[] {
  return Object.entries(rows).map(([table, n]) => ({ table, rows: n }));
}

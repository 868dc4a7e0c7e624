import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { SignedCheckpoint } from '../ledger/checkpoints.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import {
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  type Connection,
  type PageArguments,
} from './connection.js';
import { userErrorsOf } from './graphql-errors.js';
import { instant } from './request.js';

interface AuditFilter {
  readonly actions?: readonly string[];
  readonly actorId?: string;
  readonly subjectType?: string;
  readonly subjectId?: string;
  readonly since?: string;
  readonly until?: string;
}

interface AuditArguments extends PageArguments {
  readonly filter?: AuditFilter;
  readonly orderBy?: { readonly direction: 'ASC' | 'DESC' };
}

/** The ledger, as an auditor asks it. */
@Resolver('AuditEvent')
@Needs('read')
export class AuditResolver {
  constructor(private readonly service: Service) {}

  @Query('auditEvents')
  async auditEvents(
    @Args() { filter = {}, orderBy, ...page }: AuditArguments,
  ): Promise<Connection<LedgerEntry>> {
    const size = pageSize(page.first);
    const newestFirst = orderBy?.direction !== 'ASC';
    const place = decodeCursor(page.after, 1)?.[0];
    const [since, until] = [instant(filter.since), instant(filter.until)];
    const rows = await this.service.ledger.read({
      limit: size + 1,
      newestFirst,
      ...(place === undefined ? {} : newestFirst ? { before: Number(place) } : { after: Number(place) }),
      ...(filter.actions ? { actions: filter.actions } : {}),
      ...(filter.actorId ? { actorId: filter.actorId } : {}),
      ...(filter.subjectType ? { subjectType: filter.subjectType } : {}),
      ...(filter.subjectId ? { subjectId: filter.subjectId } : {}),
      ...(since ? { since } : {}),
      ...(until ? { until } : {}),
    });
    const connection = connectionOf(rows, {
      size,
      after: place !== undefined,
      cursorOf: (entry) => encodeCursor([entry.seq]),
    });
    return Object.keys(filter).length > 0
      ? connection
      : { ...connection, totalCount: this.service.ledger.size };
  }

  @Query('auditVerification')
  async auditVerification(): Promise<object> {
    return this.service.ledger.verify();
  }

  @Query('auditCheckpoint')
  auditCheckpoint(): object | null {
    const { latest } = this.service.checkpoints;
    return latest && shown(latest);
  }

  @Mutation('auditCheckpointSign')
  @Needs('operate')
  async sign(): Promise<object> {
    const { ledger, checkpoints } = this.service;
    try {
      await ledger.refresh();
      return { checkpoint: shown(await checkpoints.sign(ledger.tree)), userErrors: [] };
    } catch (error) {
      return { checkpoint: null, userErrors: userErrorsOf(error) };
    }
  }

  @ResolveField('id')
  id(@Parent() { seq }: LedgerEntry): string {
    return Buffer.from(`AuditEvent:${seq}`).toString('base64url');
  }

  @ResolveField('occurredAt')
  occurredAt(@Parent() { at }: LedgerEntry): Date {
    return at;
  }
}

function shown({ head, note, verifierKey }: SignedCheckpoint): object {
  return { ...head, note, verifierKey };
}

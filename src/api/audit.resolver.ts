import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { outcomeOf } from '../domain/action-outcome.js';
import { ACTIONS, SUBJECT_TYPES } from '../domain/actions.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { SignedCheckpoint } from '../ledger/checkpoints.js';
import { checkingText, LedgerChecks } from '../ledger/ledger-checks.js';
import { Ledger } from '../ledger/ledger.js';
import type { LedgerCount } from '../ledger/read-query.js';
import type { Verification } from '../ledger/verification.js';
import { AuditActions } from '../pipeline/audit-actions.js';
import { Names, type ActorCard } from '../registry/names.js';
import { Registry } from '../registry/registry.js';
import { Needs } from './access.js';
import { connectionOf, decodeCursor, encodeCursor, pageSize, type Connection } from './connection.js';
import { BadInput, userErrorsOf } from './graphql-errors.js';
import { globalId } from './global-id.js';
import { demandKnown, demandModel } from './known.js';
import { stretch, type ApiContext } from './request.js';
import { SharedWork } from './shared-work.js';
import type { AuditEventFilter, QueryAuditEventsArgs } from './schema.generated.js';
import { given, type Given } from './given.js';

/** The ledger, as an auditor asks it. */
@Resolver('AuditEvent')
@Needs('audit')
export class AuditResolver {
  /** The whole log is read and hashed: whoever asks while that is done gets the same answer. */
  private readonly verifications = new SharedWork<Verification>();

  constructor(
    private readonly ledger: Ledger,
    private readonly checks: LedgerChecks,
    private readonly actions: AuditActions,
    private readonly registry: Registry,
    private readonly names: Names,
  ) {}

  @Query('auditEvents')
  async auditEvents(
    @Args() { filter: asGiven, orderBy, ...page }: QueryAuditEventsArgs,
    @Context() { req }: ApiContext,
  ): Promise<Connection<LedgerEntry>> {
    const filter = given(asGiven);
    const size = pageSize(page.first);
    const newestFirst = orderBy?.direction !== 'ASC';
    const place = decodeCursor(page.after, 1)?.[0];
    demandModel(filter.model, this.registry.models());
    const asked = { ...conditionsOf(filter), ...actorsOf(this.names, filter.actor) };
    await this.actions.noteReading(req.principal, { ...filter });
    const { ledger } = this;
    const [rows, totalCount] = await Promise.all([
      ledger.read({
        limit: size + 1,
        newestFirst,
        ...(place === undefined ? {} : newestFirst ? { before: Number(place) } : { after: Number(place) }),
        ...asked,
      }),
      Object.keys(asked).length > 0 ? ledger.count(asked) : ledger.size,
    ]);
    if (totalCount === 0) await this.demandInLog(asked);
    const cursorOf = ({ seq }: LedgerEntry) => encodeCursor([seq]);
    return { ...connectionOf(rows, { size, after: place !== undefined, cursorOf }), totalCount };
  }

  /** An actor or a subject that no entry names is a slip of the pen: an empty list would read as "nobody did anything". */
  private async demandInLog({ actorId, subjectId }: LedgerCount): Promise<void> {
    const { ledger } = this;
    for (const [field, asked] of Object.entries({ actorId, subjectId })) {
      if (asked === undefined || (await ledger.count({ [field]: asked })) > 0) continue;
      throw new BadInput(`${field}: no entry of the ledger names "${asked}"`, field);
    }
  }

  @Query('auditActions')
  auditActions(): readonly object[] {
    return Object.entries(ACTIONS).map(([name, meaning]) => ({ name, meaning, outcome: outcomeOf(name) }));
  }

  @Query('auditSubjectTypes')
  auditSubjectTypes(): readonly string[] {
    return SUBJECT_TYPES;
  }

  @Query('auditVerification')
  async auditVerification(): Promise<object> {
    return this.verifications.run('', async () => this.ledger.verify());
  }

  @Query('auditChecking')
  auditChecking(): object {
    const { ledger } = this;
    const state = ledger.problem !== null ? 'BROKEN' : ledger.checking ? 'BEING_CHECKED' : 'CHECKED';
    const whole = { checked: ledger.size, of: ledger.size };
    return {
      state,
      ...(ledger.checking ?? whole),
      text: ledger.problem ?? checkingText(ledger),
      lastAt: this.checks.last?.at ?? null,
    };
  }

  @Query('auditCheckpoint')
  auditCheckpoint(): object | null {
    const { latest } = this.actions;
    return latest && shown(latest);
  }

  @Mutation('auditCheckpointSign')
  @Needs('operate')
  async sign(): Promise<object> {
    try {
      return { checkpoint: shown(await this.actions.sign()), userErrors: [] };
    } catch (error) {
      return { checkpoint: null, userErrors: userErrorsOf(error) };
    }
  }

  @ResolveField('id')
  id(@Parent() { seq }: LedgerEntry): string {
    return globalId('AuditEvent', seq);
  }

  @ResolveField('isRefused')
  isRefused(@Parent() { isRefused }: LedgerEntry): boolean {
    return isRefused === true;
  }

  @ResolveField('actor')
  actor(@Parent() { actor }: LedgerEntry): LedgerEntry['actor'] & ActorCard {
    return { ...actor, ...this.names.card(actor.id) };
  }

  @ResolveField('occurredAt')
  occurredAt(@Parent() { at }: LedgerEntry): Date {
    return at;
  }
}

/** What a filter asks of the ledger. Throws BadInput for an action or a kind of subject that no entry can have. */
function conditionsOf(filter: Given<AuditEventFilter>): LedgerCount {
  demandKnown('actions', filter.actions, Object.keys(ACTIONS));
  demandKnown('subjectType', filter.subjectType, SUBJECT_TYPES);
  const [since, until] = stretch(filter);
  return {
    ...actionsOf(filter),
    ...(filter.model ? { model: filter.model } : {}),
    ...(filter.actorId ? { actorId: filter.actorId } : {}),
    ...(filter.peopleOnly ? { peopleOnly: true as const } : {}),
    ...(filter.subjectType ? { subjectType: filter.subjectType } : {}),
    ...(filter.subjectId ? { subjectId: filter.subjectId } : {}),
    ...(filter.text ? { text: filter.text } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  };
}

/** Whoever is meant, by every id. Throws BadInput for somebody who is not known. */
function actorsOf(names: Names, actor: string | undefined): Pick<LedgerCount, 'actorIds'> {
  if (actor === undefined) return {};
  const actorIds = names.idsOf(actor);
  if (actorIds.length === 0) demandKnown('actor', actor, names.actors());
  return { actorIds };
}

/** Actions of an outcome, among those that are asked for. */
function actionsOf({ actions, outcome }: Given<AuditEventFilter>): Pick<LedgerCount, 'actions'> {
  if (!outcome) return actions ? { actions } : {};
  return { actions: (actions ?? Object.keys(ACTIONS)).filter((name) => outcomeOf(name) === outcome) };
}

function shown({ head, note, verifierKey }: SignedCheckpoint): object {
  return { ...head, note, verifierKey };
}

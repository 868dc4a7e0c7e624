import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { SERIOUS_CLASSES } from '../domain/serious-class.js';
import { Clock } from '../domain/clock.js';
import { Incidents, type IncidentCase } from '../incidents/incidents.js';
import { clockOf, type FiledReport, type SeriousIncident } from '../incidents/serious-incident.js'; // prettier-ignore
import { SeriousIncidents } from '../incidents/serious-incidents.js';
import { Checkpoints } from '../ledger/checkpoints.js';
import { Ledger } from '../ledger/ledger.js';
import { lateBy } from '../incidents/late-report.js';
import { proveEntry, type EntryProof } from '../ledger/prove-entry.js';
import type { SeriousAction } from '../pipeline/act-on-serious.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import type { IncidentReport } from '../pipeline/incident-report.js';
import { SeriousActions } from '../pipeline/serious-actions.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { personOf } from '../registry/principal.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { instant, type ApiContext } from './request.js';
import type {
  IncidentReportFileInput,
  QueryIncidentReportArgs,
  QuerySeriousIncidentsArgs,
  SeriousIncidentDeclareInput,
  SeriousIncidentWithdrawInput,
} from './schema.generated.js';

interface SeriousPayload {
  readonly seriousIncident: SeriousIncident | null;
  readonly approval?: Approval | null;
  readonly userErrors: readonly UserError[];
}

/** Serious incidents: what a person says a case is, how long there is to report it, and the reports. */
@Resolver('SeriousIncident')
@Needs('read')
export class SeriousIncidentResolver {
  constructor(
    private readonly actions: SeriousActions,
    private readonly known: SeriousIncidents,
    private readonly approvals: ApprovalReads,
    private readonly clock: Clock,
  ) {}

  @Query('seriousIncidents')
  list(@Args('states') states?: QuerySeriousIncidentsArgs['states']): readonly SeriousIncident[] {
    const now = this.clock.now();
    const all = this.known.list();
    return all.filter((one) => !states || states.includes(clockOf(one, now).state)).toReversed();
  }

  @Query('incidentReport')
  @Needs('examine')
  async report(@Args() { case: caseId, kind, note }: QueryIncidentReportArgs): Promise<IncidentReport> {
    return this.actions.report({ caseId, kind, note: note ?? '' });
  }

  @Mutation('seriousIncidentDeclare')
  @Needs('operate')
  async declare(
    @Args('input') input: SeriousIncidentDeclareInput,
    @Context() context: ApiContext,
  ): Promise<SeriousPayload> {
    const { case: caseId, class: what, reason } = input;
    const awareAt = instant(input.awareAt);
    return this.act({ kind: 'declare', caseId, class: what, awareAt, reason }, context);
  }

  @Mutation('seriousIncidentWithdraw')
  @Needs('operate')
  async withdraw(
    @Args('input') { case: caseId, reason }: SeriousIncidentWithdrawInput,
    @Context() context: ApiContext,
  ): Promise<SeriousPayload> {
    return this.act({ kind: 'withdraw', caseId, reason }, context);
  }

  @Mutation('incidentReportFile')
  @Needs('operate')
  async file(
    @Args('input') input: IncidentReportFileInput,
    @Context() context: ApiContext,
  ): Promise<SeriousPayload> {
    const { case: caseId, kind: report, recipients, note } = input;
    const finalDueAt = instant(input.finalDueAt);
    return this.act({ kind: 'report', caseId, report, recipients, note: note ?? '', finalDueAt }, context);
  }

  private async act(action: SeriousAction, { req }: ApiContext): Promise<SeriousPayload> {
    try {
      const waits = await this.actions.act(action, personOf(req.principal));
      const found = this.known.find(action.caseId) ?? null;
      return { seriousIncident: found, approval: this.approvals.find(waits), userErrors: [] };
    } catch (error) {
      return { seriousIncident: null, userErrors: userErrorsOf(error) };
    }
  }
}

/** What is said of one: its case, its model, the time there is, and its reports. */
@Resolver('SeriousIncident')
export class SeriousFactsResolver {
  constructor(
    private readonly incidents: Incidents,
    private readonly registry: Registry,
    private readonly time: Clock,
  ) {}

  @ResolveField('case')
  case(@Parent() { caseId }: SeriousIncident): IncidentCase | null {
    return this.incidents.case(caseId) ?? null;
  }

  @ResolveField('model')
  model(@Parent() { model }: SeriousIncident): RegisteredModel {
    return this.registry.load(model);
  }

  @ResolveField('clock')
  clock(@Parent() serious: SeriousIncident) {
    const { remainingMs, ...clock } = clockOf(serious, this.time.now());
    return { ...clock, remainingSeconds: remainingMs === null ? null : Math.round(remainingMs / 1000) };
  }

  @ResolveField('reports')
  reports(@Parent() serious: SeriousIncident) {
    return serious.reports.map((report) => {
      const late = lateBy(serious, report);
      return { ...report, lateSeconds: late === null ? null : Math.ceil(late / 1000) };
    });
  }

  @ResolveField('law')
  law(@Parent() { class: what }: SeriousIncident): string {
    const { days, text } = SERIOUS_CLASSES[what];
    return `${text}: a report within ${days} days of awareness (Regulation (EU) 2024/1689, Article 73)`;
  }
}

/** Where a case is one of them. */
@Resolver('Case')
export class SeriousCaseResolver {
  constructor(private readonly known: SeriousIncidents) {}

  @ResolveField('serious')
  serious(@Parent() { id }: IncidentCase): SeriousIncident | null {
    return this.known.find(id) ?? null;
  }
}

/** What a report that went out said. */
@Resolver('FiledReport')
export class FiledReportResolver {
  constructor(private readonly ledger: Ledger) {}

  @ResolveField('document')
  async document(@Parent() { seq }: FiledReport): Promise<unknown> {
    const [entry] = await this.ledger.read({ after: seq - 1, limit: 1 });
    return entry?.data['document'] ?? null;
  }
}

/** That what a report rests on is in the ledger. */
@Resolver('IncidentReport')
export class IncidentReportResolver {
  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly checkpoints: Checkpoints,
  ) {}

  @ResolveField('proofs')
  async proofs(@Parent() { entries }: IncidentReport): Promise<readonly EntryProof[]> {
    const { database, ledger, checkpoints } = this;
    const { head } = await checkpoints.sign(ledger.tree);
    const found: EntryProof[] = [];
    for (const seq of entries) found.push(await proveEntry(database, ledger.tree, { seq, size: head.size }));
    return found;
  }

  @ResolveField('checkpoint')
  async checkpoint(): Promise<string> {
    const { note } = await this.checkpoints.sign(this.ledger.tree);
    return note;
  }
}

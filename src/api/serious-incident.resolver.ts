import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { SERIOUS_CLASSES } from '../domain/serious-class.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { clockOf, type FiledReport, type SeriousIncident } from '../incidents/serious-incident.js'; // prettier-ignore
import { lateBy } from '../incidents/late-report.js';
import { proveEntry, type EntryProof } from '../ledger/prove-entry.js';
import { actOnSerious, type SeriousAction } from '../pipeline/act-on-serious.js';
import { incidentReport, type IncidentReport } from '../pipeline/incident-report.js';
import type { RegisteredModel } from '../registry/registry.js';
import { personOf } from '../registry/principal.js';
import { Service } from '../service.js';
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
  constructor(private readonly service: Service) {}

  @Query('seriousIncidents')
  list(@Args('states') states?: QuerySeriousIncidentsArgs['states']): readonly SeriousIncident[] {
    const all = this.service.stages.seriousIncidents.list();
    return all.filter((one) => !states || states.includes(this.clock(one).state)).toReversed();
  }

  @Query('incidentReport')
  @Needs('examine')
  async report(@Args() { case: caseId, kind, note }: QueryIncidentReportArgs): Promise<IncidentReport> {
    const { stages } = this.service;
    return incidentReport(stages, { caseId, kind, note: note ?? '' }, stages.clock.now());
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

  @ResolveField('case')
  case(@Parent() { caseId }: SeriousIncident): IncidentCase | null {
    return this.service.incidents.case(caseId) ?? null;
  }

  @ResolveField('model')
  model(@Parent() { model }: SeriousIncident): RegisteredModel {
    return this.service.registry.load(model);
  }

  @ResolveField('clock')
  clock(@Parent() serious: SeriousIncident) {
    const { remainingMs, ...clock } = clockOf(serious, this.service.options.clock.now());
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

  private async act(action: SeriousAction, { req }: ApiContext): Promise<SeriousPayload> {
    try {
      const { stages } = this.service;
      const waits = await actOnSerious(stages, action, personOf(req.principal));
      const found = stages.seriousIncidents.find(action.caseId) ?? null;
      const approval = waits === null ? null : (stages.approvals.find(waits) ?? null);
      return { seriousIncident: found, approval, userErrors: [] };
    } catch (error) {
      return { seriousIncident: null, userErrors: userErrorsOf(error) };
    }
  }
}

/** Where a case is one of them. */
@Resolver('Case')
export class SeriousCaseResolver {
  constructor(private readonly service: Service) {}

  @ResolveField('serious')
  serious(@Parent() { id }: IncidentCase): SeriousIncident | null {
    return this.service.stages.seriousIncidents.find(id) ?? null;
  }
}

/** What a report that went out said. */
@Resolver('FiledReport')
export class FiledReportResolver {
  constructor(private readonly service: Service) {}

  @ResolveField('document')
  async document(@Parent() { seq }: FiledReport): Promise<unknown> {
    const [entry] = await this.service.ledger.read({ after: seq - 1, limit: 1 });
    return entry?.data['document'] ?? null;
  }
}

/** That what a report rests on is in the ledger. */
@Resolver('IncidentReport')
export class IncidentReportResolver {
  constructor(private readonly service: Service) {}

  @ResolveField('proofs')
  async proofs(@Parent() { entries }: IncidentReport): Promise<readonly EntryProof[]> {
    const { database, ledger, checkpoints } = this.service;
    const { head } = await checkpoints.sign(ledger.tree);
    const found: EntryProof[] = [];
    for (const seq of entries) found.push(await proveEntry(database, ledger.tree, { seq, size: head.size }));
    return found;
  }

  @ResolveField('checkpoint')
  async checkpoint(): Promise<string> {
    const { ledger, checkpoints } = this.service;
    const { note } = await checkpoints.sign(ledger.tree);
    return note;
  }
}

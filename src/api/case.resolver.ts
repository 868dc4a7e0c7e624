import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { CHECKS } from '../domain/check-result.js';
import type { CaseFile } from '../incidents/case-files.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { precisionOf, responseTimes } from '../incidents/response-times.js';
import type { CaseAction } from '../pipeline/act-on-case.js';
import { proposalLine } from '../notify/weekly-lines.js';
import { wantNormal } from '../pipeline/want-normal.js';
import { briefCase, titleCase } from '../pipeline/brief-case.js';
import { flapsIn } from '../pipeline/week-of.js';
import type { RegisteredModel } from '../registry/registry.js';
import { personOf } from '../registry/principal.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { demandKnown, demandModel } from './known.js';
import { instant, type ApiContext } from './request.js';
import type {
  CaseAcknowledgeInput,
  CaseAssignInput,
  CaseCloseInput,
  CaseNormalInput,
  CaseNoteInput,
  CaseReopenInput,
  QueryAlertingArgs,
  QueryCaseArgs,
  QueryCasesArgs,
} from './schema.generated.js';
import { given } from './given.js';
import { IncidentActions } from '../pipeline/incident-actions.js';

const WEEK = 7 * 86_400_000;

interface CasePayload {
  readonly case: IncidentCase | null;
  readonly approval?: Approval | null;
  readonly userErrors: readonly UserError[];
}

/** What a person is told about: the incidents of one model version, rolled up, and what people do about them. */
@Resolver('Case')
@Needs('read')
export class CaseResolver {
  constructor(
    private readonly service: Service,
    private readonly actions: IncidentActions,
  ) {}

  @Query('cases')
  cases(@Args('filter') filter?: QueryCasesArgs['filter']): readonly IncidentCase[] {
    demandModel(filter?.model, this.service.registry.models());
    return this.service.incidents.cases(given(filter));
  }

  @Query('case')
  case(@Args('id') id: QueryCaseArgs['id']): IncidentCase | null {
    return this.service.incidents.case(id) ?? null;
  }

  @Query('alerting')
  alerting(@Args() { model, since }: QueryAlertingArgs): object {
    demandModel(model, this.service.registry.models());
    const { incidents, stages } = this.service;
    const from = instant(since);
    const cases = incidents
      .cases(given({ model }))
      .filter(({ openedAt }) => from === null || openedAt >= from);
    const known = new Set(cases.map(({ id }) => id));
    const verdicts = stages.caseFiles.verdicts().filter(({ caseId }) => known.has(caseId));
    const precision = precisionOf(verdicts).map((one) => ({ ...one, precision: one.real / one.told }));
    const now = stages.clock.now();
    const week = { from: new Date(now.getTime() - WEEK), to: now };
    const flaps = flapsIn(stages, week, ({ signal }) => (model ?? signal.model) === signal.model);
    return {
      ...responseTimes(cases, (id) => stages.caseFiles.find(id)),
      precision,
      flaps: flaps.map((flap) => ({ ...flap, proposal: proposalLine(flap) })),
    };
  }

  @Mutation('caseAcknowledge')
  @Needs('operate')
  async acknowledge(
    @Args('input') input: CaseAcknowledgeInput,
    @Context() context: ApiContext,
  ): Promise<CasePayload> {
    return this.act({ kind: 'acknowledge', ...input }, context);
  }

  @Mutation('caseAssign')
  @Needs('operate')
  async assign(
    @Args('input') { id, to }: CaseAssignInput,
    @Context() context: ApiContext,
  ): Promise<CasePayload> {
    return this.act({ kind: 'assign', id, to: to ?? null }, context);
  }

  @Mutation('caseNote')
  @Needs('operate')
  async note(@Args('input') input: CaseNoteInput, @Context() context: ApiContext): Promise<CasePayload> {
    return this.act({ kind: 'note', ...input }, context);
  }

  @Mutation('caseClose')
  @Needs('operate')
  async close(
    @Args('input')
    { id, rootCause, note }: CaseCloseInput,
    @Context() context: ApiContext,
  ): Promise<CasePayload> {
    return this.act({ kind: 'close', id, rootCause: rootCause ?? null, note: note ?? '' }, context);
  }

  @Mutation('caseReopen')
  @Needs('operate')
  async reopen(@Args('input') input: CaseReopenInput, @Context() context: ApiContext): Promise<CasePayload> {
    return this.act({ kind: 'reopen', ...input }, context);
  }

  @Mutation('caseNormal')
  @Needs('operate')
  async normal(
    @Args('input') { id, reason, checks }: CaseNormalInput,
    @Context() { req }: ApiContext,
  ): Promise<CasePayload & { readonly said: string | null }> {
    try {
      const { stages, incidents } = this.service;
      demandKnown('checks', checks, CHECKS);
      const wish = { caseId: id, reason, checks: CHECKS.filter((check) => checks?.includes(check)) };
      const { said, approval } = await wantNormal(stages, wish, personOf(req.principal));
      const waits = approval === null ? null : (stages.approvals.find(approval) ?? null);
      return { case: incidents.case(id) ?? null, approval: waits, said, userErrors: [] };
    } catch (error) {
      return { case: null, said: null, userErrors: userErrorsOf(error) };
    }
  }

  @ResolveField('headline')
  headline(@Parent() found: IncidentCase): string {
    return briefCase(this.service.stages, found).summary;
  }

  @ResolveField('cause')
  cause(@Parent() found: IncidentCase): string | null {
    return titleCase(this.service.stages, found).cause?.text ?? null;
  }

  @ResolveField('model')
  model(@Parent() { model }: IncidentCase): RegisteredModel {
    return this.service.registry.load(model);
  }

  @ResolveField('incidents')
  members(@Parent() { members }: IncidentCase): IncidentCase['members'] {
    return members;
  }

  @ResolveField('file')
  file(@Parent() { id }: IncidentCase): CaseFile {
    return this.service.stages.caseFiles.find(id);
  }

  private async act(action: CaseAction, { req }: ApiContext): Promise<CasePayload> {
    try {
      const { stages, incidents } = this.service;
      const waits = await this.actions.onCase(action, personOf(req.principal));
      const approval = waits === null ? null : (stages.approvals.find(waits) ?? null);
      return { case: incidents.case(action.id) ?? null, approval, userErrors: [] };
    } catch (error) {
      return { case: null, userErrors: userErrorsOf(error) };
    }
  }
}

import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CaseFiles } from '../incidents/case-files.js';
import { Incidents, type IncidentCase } from '../incidents/incidents.js';
import { precisionOf, responseTimes } from '../incidents/response-times.js';
import { proposalLine } from '../notify/weekly-lines.js';
import { IncidentReads } from '../pipeline/incident-reads.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { Needs } from './access.js';
import { demandModel } from './known.js';
import { instant } from './request.js';
import type { QueryAlertingArgs, QueryCaseArgs, QueryCasesArgs } from './schema.generated.js';
import { given } from './given.js';

/** What a person is told about: the incidents of one model version, rolled up. */
@Resolver('Case')
@Needs('read')
export class CaseResolver {
  constructor(
    private readonly incidents: Incidents,
    private readonly files: CaseFiles,
    private readonly reads: IncidentReads,
    private readonly registry: Registry,
  ) {}

  @Query('cases')
  cases(@Args('filter') filter?: QueryCasesArgs['filter']): readonly IncidentCase[] {
    demandModel(filter?.model, this.registry.models());
    return this.incidents.cases(given(filter));
  }

  @Query('case')
  case(@Args('id') id: QueryCaseArgs['id']): IncidentCase | null {
    return this.incidents.case(id) ?? null;
  }

  @Query('alerting')
  alerting(@Args() { model, since }: QueryAlertingArgs): object {
    demandModel(model, this.registry.models());
    const from = instant(since);
    const cases = this.incidents
      .cases(given({ model }))
      .filter(({ openedAt }) => from === null || openedAt >= from);
    const known = new Set(cases.map(({ id }) => id));
    const verdicts = this.files.verdicts().filter(({ caseId }) => known.has(caseId));
    const precision = precisionOf(verdicts).map((one) => ({ ...one, precision: one.real / one.told }));
    const flaps = this.reads.flapsOfWeek(model ?? null);
    return {
      ...responseTimes(cases, (id) => this.files.find(id)),
      precision,
      flaps: flaps.map((flap) => ({ ...flap, proposal: proposalLine(flap) })),
    };
  }

  @ResolveField('headline')
  headline(@Parent() found: IncidentCase): string {
    return this.reads.brief(found).summary;
  }

  @ResolveField('cause')
  cause(@Parent() found: IncidentCase): string | null {
    return this.reads.tell(found).briefing.cause?.text ?? null;
  }

  @ResolveField('model')
  model(@Parent() { model }: IncidentCase): RegisteredModel {
    return this.registry.load(model);
  }

  @ResolveField('incidents')
  members(@Parent() found: IncidentCase): IncidentCase['members'] {
    return this.reads.tell(found).about.ranked.filter(({ caseId }) => caseId === found.id);
  }

  @ResolveField('file')
  file(@Parent() found: IncidentCase): object {
    const { acknowledgedBy, acknowledgedAt } = this.reads.tell(found).hands;
    return { ...this.files.find(found.id), acknowledgedBy, acknowledgedAt };
  }
}

import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Approval } from '../approvals/approval.js';
import { changeOf } from '../domain/change-text.js';
import { extentText, factsOf } from '../domain/incident-facts.js';
import { headlineOf } from '../domain/incident-headline.js';
import { CHECKS } from '../domain/check-result.js';
import { riskTier, type RiskTier } from '../domain/model.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { judgedFeatures } from '../pipeline/judged-features.js';
import { judgedSegments } from '../pipeline/judged-segments.js';
import { incidentAsOf } from '../pipeline/as-of.js';
import { caseSubject } from '../pipeline/case-subject.js';
import { costOfIncident } from '../pipeline/incident-cost.js';
import type { ExtraCost } from '../domain/extra-cost.js';
import type { RegisteredModel } from '../registry/registry.js';
import { personOf } from '../registry/principal.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { connectionFrom, type Connection } from './connection.js';
import { userErrorsOf, type UserError } from './graphql-errors.js';
import { demandKnown, demandModel, demandVersion } from './known.js';
import { price } from './price.js';
import { pastInstant, stretch, type ApiContext } from './request.js';
import type {
  IncidentAcknowledgeInput,
  IncidentCloseInput,
  IncidentFilter,
  QueryIncidentArgs,
  QueryIncidentsArgs,
} from './schema.generated.js';
import { given, type Given } from './given.js';
import { IncidentActions } from '../pipeline/incident-actions.js';

interface IncidentPayload {
  readonly incident: IncidentRecord | null;
  readonly approval?: Approval | null;
  readonly userErrors: readonly UserError[];
}

/** Incidents of one request whose cost is read. */
const MOST_COSTS = 20;

/** Incidents and what people do about them. */
@Resolver('Incident')
@Needs('read')
export class IncidentResolver {
  constructor(
    private readonly service: Service,
    private readonly actions: IncidentActions,
  ) {}

  @Query('incidents')
  async incidents(@Args() page: QueryIncidentsArgs): Promise<Connection<IncidentRecord>> {
    const { since, until, riskTier: tier, ...rest } = given(page.filter);
    demandKnown('check', rest.check, CHECKS);
    const models = this.service.registry.models();
    demandModel(rest.model, models);
    demandVersion(
      rest.version,
      models.filter(({ model }) => (rest.model ?? model.key) === model.key),
    );
    await this.demandFeature(rest);
    await this.demandSegment(rest);
    const [from, to] = stretch({ since, until });
    const found = this.service.incidents.list({
      ...rest,
      ...(from ? { since: from } : {}),
      ...(to ? { until: to } : {}),
    });
    const ofTier = found.filter(({ signal }) => tier === undefined || this.tierOf(signal.model) === tier);
    return connectionFrom(ofTier, page, (incident) => incident.id);
  }

  @Query('incident')
  async incident(@Args() { id, asOf }: QueryIncidentArgs): Promise<IncidentRecord | null> {
    const at = pastInstant(asOf, 'asOf', this.service.options.clock.now());
    if (at !== null) return incidentAsOf(this.service.ledger, id, at);
    return this.service.incidents.find(id) ?? null;
  }

  /** Where nothing was judged yet nobody knows which features there are. */
  private async demandFeature({ model, feature }: Given<IncidentFilter>): Promise<void> {
    if (feature === undefined) return;
    const { registry, incidents, database } = this.service;
    const asked = registry.models().filter((one) => model === undefined || one.model.key === model);
    const met = incidents.list({}).filter(({ signal }) => model === undefined || signal.model === model);
    const known = new Set(met.flatMap(({ signal }) => signal.feature ?? []));
    if (known.has(feature)) return;
    const judged = await judgedFeatures(
      database,
      asked.map((one) => one.model),
    );
    const all = [...known, ...judged, ...asked.flatMap((one) => Object.keys(one.model.features))];
    if (all.length > 0) demandKnown('feature', feature, all);
  }

  private async demandSegment({ model, segment }: Given<IncidentFilter>): Promise<void> {
    if (!segment) return;
    const { registry, incidents, database } = this.service;
    const asked = registry.models().filter((one) => (model ?? one.model.key) === one.model.key);
    const met = incidents.list({}).filter(({ signal }) => (model ?? signal.model) === signal.model);
    const known = new Set(met.map(({ signal }) => signal.segment).filter(Boolean));
    if (known.has(segment)) return;
    const { any, segments } = await judgedSegments(database, asked.map((one) => one.model.key));
    if (any) demandKnown('segment', segment, [...known, ...segments]);
  } // prettier-ignore

  private tierOf(model: string): RiskTier | null {
    const known = this.service.registry.find(model);
    return known ? riskTier(known.model.risk) : null;
  }

  @Mutation('incidentAcknowledge')
  @Needs('operate')
  async acknowledge(
    @Args('input') { id }: IncidentAcknowledgeInput,
    @Context() { req }: ApiContext,
  ): Promise<IncidentPayload> {
    return this.change(id, async () => {
      await this.actions.acknowledge(id, personOf(req.principal));
      return null;
    });
  }

  @Mutation('incidentClose')
  @Needs('operate')
  async close(
    @Args('input') { id, reason }: IncidentCloseInput,
    @Context() { req }: ApiContext,
  ): Promise<IncidentPayload> {
    return this.change(id, async () => this.actions.close(id, reason, personOf(req.principal)));
  }

  @ResolveField('extraCost')
  async extraCost(
    @Parent() incident: IncidentRecord,
    @Context() context: Partial<ApiContext>,
  ): Promise<ExtraCost | null> {
    price(context.req, 'the cost of an incident', MOST_COSTS);
    return costOfIncident(this.service.stages, incident);
  }

  @ResolveField('model')
  model(@Parent() { signal }: IncidentRecord): RegisteredModel {
    return this.service.registry.load(signal.model);
  }

  @ResolveField('version')
  version(@Parent() { signal }: IncidentRecord): string {
    return signal.version;
  }

  @ResolveField('segment')
  segment(@Parent() { signal }: IncidentRecord): string | null {
    return signal.segment === '' ? null : signal.segment;
  }

  @ResolveField('feature')
  feature(@Parent() { signal }: IncidentRecord): string | null {
    return signal.feature;
  }

  @ResolveField('check')
  check(@Parent() { signal }: IncidentRecord): string {
    return signal.check;
  }

  @ResolveField('headline')
  headline(@Parent() incident: IncidentRecord): string {
    return headlineOf(incident);
  }

  @ResolveField('facts')
  facts(@Parent() incident: IncidentRecord): object {
    const { signal, course } = incident;
    const { lastedMs, ...facts } = factsOf(course);
    const known = caseSubject(this.service.stages, signal.model, signal.version);
    return {
      ...facts,
      lastedSeconds: lastedMs / 1000,
      extent: extentText(signal.check, course),
      change: changeOf(incident, known),
    };
  }

  @ResolveField('acknowledgedBy')
  acknowledgedBy(@Parent() { acknowledgedBy }: IncidentRecord): string | null {
    return acknowledgedBy === null ? null : this.service.names.of(acknowledgedBy);
  }

  @ResolveField('explainedBy')
  explainedBy(@Parent() { explainedBy }: IncidentRecord): IncidentRecord | null {
    return explainedBy === null ? null : (this.service.incidents.find(explainedBy) ?? null);
  }

  /** `change` gives back the id of the approval that it waits for, or null. */
  private async change(id: string, change: () => Promise<string | null>): Promise<IncidentPayload> {
    const { incidents, stages } = this.service;
    try {
      const waits = await change();
      const approval = waits === null ? null : (stages.approvals.find(waits) ?? null);
      return { incident: incidents.find(id) ?? null, approval, userErrors: [] };
    } catch (error) {
      return { incident: null, userErrors: userErrorsOf(error) };
    }
  }
}

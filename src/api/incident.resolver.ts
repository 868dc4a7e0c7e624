import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Clock } from '../domain/clock.js';
import { seenFromOf } from '../domain/incident-course.js';
import { extentText, factsOf } from '../domain/incident-facts.js';
import { headlineOf } from '../domain/incident-headline.js';
import { CHECKS } from '../domain/check-result.js';
import { riskTier, type RiskTier } from '../domain/model.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { Incidents } from '../incidents/incidents.js';
import { IncidentReads } from '../pipeline/incident-reads.js';
import type { ExtraCost } from '../domain/extra-cost.js';
import { Names } from '../registry/names.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import { Needs } from './access.js';
import { connectionFrom, type Connection } from './connection.js';
import { demandKnown, demandModel, demandVersion } from './known.js';
import { price } from './price.js';
import { pastInstant, stretch, type ApiContext } from './request.js';
import type { IncidentFilter, QueryIncidentArgs, QueryIncidentsArgs } from './schema.generated.js';
import { given, type Given } from './given.js';

/** Incidents of one request whose cost is read. */
const MOST_COSTS = 20;

/** Incidents, as they are and were. */
@Resolver('Incident')
@Needs('read')
export class IncidentResolver {
  constructor(
    private readonly known: Incidents,
    private readonly reads: IncidentReads,
    private readonly registry: Registry,
    private readonly names: Names,
    private readonly clock: Clock,
  ) {}

  @Query('incidents')
  async incidents(@Args() page: QueryIncidentsArgs): Promise<Connection<IncidentRecord>> {
    const { since, until, riskTier: tier, ...rest } = given(page.filter);
    demandKnown('check', rest.check, CHECKS);
    const models = this.registry.models();
    demandModel(rest.model, models);
    demandVersion(
      rest.version,
      models.filter(({ model }) => (rest.model ?? model.key) === model.key),
    );
    await this.demandFeature(rest);
    await this.demandSegment(rest);
    const [from, to] = stretch({ since, until });
    const found = this.known.list({
      ...rest,
      ...(from ? { since: from } : {}),
      ...(to ? { until: to } : {}),
    });
    const ofTier = found.filter(({ signal }) => tier === undefined || this.tierOf(signal.model) === tier);
    return connectionFrom(ofTier, page, (incident) => incident.id);
  }

  @Query('incident')
  async incident(@Args() { id, asOf }: QueryIncidentArgs): Promise<IncidentRecord | null> {
    const at = pastInstant(asOf, 'asOf', this.clock.now());
    if (at !== null) return this.reads.asOf(id, at);
    return this.known.find(id) ?? null;
  }

  /** Where nothing was judged yet nobody knows which features there are. */
  private async demandFeature({ model, feature }: Given<IncidentFilter>): Promise<void> {
    if (feature === undefined) return;
    const { registry, known: incidents } = this;
    const asked = registry.models().filter((one) => model === undefined || one.model.key === model);
    const met = incidents.list({}).filter(({ signal }) => model === undefined || signal.model === model);
    const known = new Set(met.flatMap(({ signal }) => signal.feature ?? []));
    if (known.has(feature)) return;
    const judged = await this.reads.judgedFeatures(asked.map((one) => one.model));
    const all = [...known, ...judged, ...asked.flatMap((one) => Object.keys(one.model.features))];
    if (all.length > 0) demandKnown('feature', feature, all);
  }

  private async demandSegment({ model, segment }: Given<IncidentFilter>): Promise<void> {
    if (!segment) return;
    const { registry, known: incidents } = this;
    const asked = registry.models().filter((one) => (model ?? one.model.key) === one.model.key);
    const met = incidents.list({}).filter(({ signal }) => (model ?? signal.model) === signal.model);
    const known = new Set(met.map(({ signal }) => signal.segment).filter(Boolean));
    if (known.has(segment)) return;
    const { any, segments } = await this.reads.judgedSegments(asked.map((one) => one.model.key));
    if (any) demandKnown('segment', segment, [...known, ...segments]);
  } // prettier-ignore

  private tierOf(model: string): RiskTier | null {
    const known = this.registry.find(model);
    return known ? riskTier(known.model.risk) : null;
  }

  @ResolveField('extraCost')
  async extraCost(
    @Parent() incident: IncidentRecord,
    @Context() context: Partial<ApiContext>,
  ): Promise<ExtraCost | null> {
    price(context.req, 'the cost of an incident', MOST_COSTS);
    return this.reads.costOf(incident);
  }

  @ResolveField('rows')
  async rows(
    @Parent() incident: IncidentRecord,
    @Context() context: Partial<ApiContext>,
  ): Promise<{ readonly what: string; readonly nodes: readonly object[] } | null> {
    price(context.req, 'the rows of an incident', MOST_COSTS);
    const { examples } = await this.reads.evidenceOf(incident);
    return examples && { what: examples.what, nodes: examples.rows };
  }

  @ResolveField('model')
  model(@Parent() { signal }: IncidentRecord): RegisteredModel {
    return this.registry.load(signal.model);
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
    return {
      ...facts,
      seenFrom: seenFromOf(course, this.registry.load(signal.model).model.window),
      lastedSeconds: lastedMs / 1000,
      extent: extentText(signal.check, course),
      change: this.reads.changeOf(incident),
    };
  }

  @ResolveField('acknowledgedBy')
  acknowledgedBy(@Parent() { acknowledgedBy }: IncidentRecord): string | null {
    return acknowledgedBy === null ? null : this.names.of(acknowledgedBy);
  }

  @ResolveField('explainedBy')
  explainedBy(@Parent() { explainedBy }: IncidentRecord): IncidentRecord | null {
    return explainedBy === null ? null : (this.known.find(explainedBy) ?? null);
  }
}

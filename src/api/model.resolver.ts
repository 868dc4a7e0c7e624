import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Clock } from '../domain/clock.js';
import { riskTier, type RiskTier } from '../domain/model.js';
import { Incidents } from '../incidents/incidents.js';
import type { ModelFault } from '../pipeline/model-faults.js';
import { countWindows, readWindows, type WindowRow } from '../pipeline/window-reads.js';
import { ModelReads } from '../pipeline/model-reads.js';
import { heldInForce, Registry, type PinnedBaseline, type RegisteredModel } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { Needs } from './access.js';
import {
  connectionFrom,
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  type Connection,
} from './connection.js';
import { globalId } from './global-id.js';
import { demandMet, isMeant } from './model-filter.js';
import { featuresOf } from './model-features.js';
import { stretch } from './request.js';
import type {
  ModelIncidentsArgs,
  ModelWindowsArgs,
  QueryModelArgs,
  QueryModelsArgs,
} from './schema.generated.js';
import { given } from './given.js';

/** As many as a page of a connection holds. */
const MOST_INCIDENTS = 200;

/** The inventory: models, their versions, references, counts and windows. */
@Resolver('Model')
@Needs('read')
export class ModelResolver {
  constructor(
    private readonly registry: Registry,
    private readonly incidents: Incidents,
    private readonly reads: ModelReads,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @Query('models')
  models(@Args() page: QueryModelsArgs): Connection<RegisteredModel> {
    const all = this.registry.models();
    const filter = given(page.filter);
    demandMet(filter, all);
    const found = all.filter((known) => isMeant(known, filter, this.standing(known)));
    return connectionFrom(found, page, (known) => known.model.key);
  }

  private standing({ model }: RegisteredModel): { readonly now: Date; readonly isUndone: boolean } {
    return { now: this.clock.now(), isUndone: this.reads.undoneOf(model.key) !== null };
  }

  @Query('model')
  model(@Args('key') key: QueryModelArgs['key']): RegisteredModel | null {
    return this.registry.find(key) ?? null;
  }

  @ResolveField('id')
  id(@Parent() { model }: RegisteredModel): string {
    return globalId('Model', model.key);
  }

  @ResolveField('key')
  key(@Parent() { model }: RegisteredModel): string {
    return model.key;
  }

  @ResolveField('name')
  name(@Parent() { model }: RegisteredModel): string | null {
    return model.name ?? null;
  }

  @ResolveField('task')
  task(@Parent() { model }: RegisteredModel): string {
    return model.task;
  }

  @ResolveField('owner')
  owner(@Parent() { model }: RegisteredModel): string {
    return model.owner;
  }

  @ResolveField('team')
  team(@Parent() { model }: RegisteredModel): string | null {
    return model.team ?? null;
  }

  @ResolveField('jurisdictions')
  jurisdictions(@Parent() { model }: RegisteredModel): readonly string[] {
    return model.jurisdictions ?? [];
  }

  @ResolveField('thirdParty')
  thirdParty(@Parent() { model }: RegisteredModel): boolean | null {
    return model.thirdParty ?? null;
  }

  @ResolveField('purpose')
  purpose(@Parent() { model }: RegisteredModel): string | null {
    return model.purpose ?? null;
  }

  @ResolveField('riskTier')
  riskTier(@Parent() { model }: RegisteredModel): RiskTier {
    return riskTier(model.risk);
  }

  @ResolveField('windowMs')
  windowMs(@Parent() { model }: RegisteredModel): number {
    return model.window;
  }

  @ResolveField('timezone')
  timezone(@Parent() { model }: RegisteredModel): string {
    return model.timezone;
  }

  @ResolveField('positive')
  positive(@Parent() { model }: RegisteredModel): string | null {
    return model.positive ?? null;
  }

  @ResolveField('classes')
  classes(@Parent() { model }: RegisteredModel): readonly string[] | null {
    return model.classes ?? null;
  }

  @ResolveField('segmentKeys')
  segmentKeys(@Parent() { model }: RegisteredModel): readonly string[] {
    return model.segments;
  }

  @ResolveField('protected')
  protectedAttributes(@Parent() { model }: RegisteredModel): readonly string[] {
    return model.protected;
  }

  @ResolveField('acceptsPastMs')
  acceptsPastMs(@Parent() { model }: RegisteredModel): number {
    return model.accepts.past;
  }

  @ResolveField('latenessMs')
  latenessMs(@Parent() { model }: RegisteredModel): number {
    return model.lateness;
  }

  @ResolveField('acceptsFutureMs')
  acceptsFutureMs(@Parent() { model }: RegisteredModel): number {
    return model.accepts.future;
  }

  @ResolveField('baseline')
  baseline(@Parent() registered: RegisteredModel): PinnedBaseline | null {
    return heldInForce(registered).baseline;
  }

  @ResolveField('baselineProblem')
  baselineProblem(@Parent() { model }: RegisteredModel): string | null {
    return this.reads.standing(model.key).problem;
  }

  @ResolveField('faults')
  faults(@Parent() { model }: RegisteredModel): readonly ModelFault[] {
    return this.reads.standing(model.key).faults;
  }

  @ResolveField('unwatched')
  async unwatched(@Parent() registered: RegisteredModel): Promise<readonly object[]> {
    const baseline = await this.reads.baselineOf(registered);
    return baseline?.notes?.unwatched ?? [];
  }

  @ResolveField('baselineRemarks')
  async baselineRemarks(@Parent() registered: RegisteredModel): Promise<readonly string[]> {
    const baseline = await this.reads.baselineOf(registered);
    return baseline?.notes?.remarks ?? [];
  }

  @ResolveField('features')
  async features(@Parent() registered: RegisteredModel): Promise<readonly object[]> {
    const baseline = await this.reads.baselineOf(registered);
    return featuresOf(registered, baseline);
  }

  @ResolveField('windows')
  async windows(
    @Parent() { model }: RegisteredModel,
    @Args() page: ModelWindowsArgs,
  ): Promise<Connection<WindowRow>> {
    const size = pageSize(page.first);
    const place = decodeCursor(page.after, 2);
    const [since, until] = stretch(page);
    const asked = {
      model: model.key,
      version: page.version ?? null,
      since: since?.getTime() ?? 0,
      until: until?.getTime() ?? Number.MAX_SAFE_INTEGER,
    };
    const rows = await readWindows(this.database, {
      ...asked,
      after: place ? { from: Number(place[0]), version: String(place[1]) } : null,
      limit: size + 1,
    });
    const cursorOf = (row: WindowRow) => encodeCursor([row.from, row.version]);
    const found = connectionOf(rows, { size, after: place !== null, cursorOf });
    return { ...found, totalCount: async () => countWindows(this.database, asked) };
  }

  @ResolveField('incidents')
  incidentsOf(
    @Parent() { model }: RegisteredModel,
    @Args('states') states?: ModelIncidentsArgs['states'],
  ): readonly object[] {
    const found = this.incidents.list({ model: model.key, ...(states ? { states } : {}) });
    return found.slice(0, MOST_INCIDENTS);
  }
}

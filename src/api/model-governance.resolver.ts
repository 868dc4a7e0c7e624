import { textOf } from '../domain/json-object.js';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Clock } from '../domain/clock.js';
import { isReviewOverdue, riskTier } from '../domain/model.js';
import type { Actor, LedgerEntry } from '../domain/ledger-entry.js';
import { Ledger } from '../ledger/ledger.js';
import { ModelReads } from '../pipeline/model-reads.js';
import { RetentionReads } from '../pipeline/retention-reads.js';
import type { RegisteredModel } from '../registry/registry.js';
import { Names, type ActorCard } from '../registry/names.js';
import type { Undone } from '../registry/undone.js';
import { pageSize } from './connection.js';
import { pastInstant } from './request.js';
import type { ModelDeploymentsArgs } from './schema.generated.js';

/** More changes of versions than a model ever has. */
const MOST = 10_000;
const OF_VERSIONS = ['model_version.seen', 'model_version.registered', 'model_version.stage_changed'];
const RISK_FORMULA =
  'impact × frequency, each low 1, medium 2 or high 3: 6 and more is HIGH, 3 and more MEDIUM (formula 1)';

interface Deployment {
  readonly version: string;
  readonly stage: string;
  readonly since: Date;
  readonly until: Date | null;
  readonly actor: Actor & ActorCard;
  readonly reason: string | null;
  readonly isRollBack: boolean;
  readonly approval: string | null;
  readonly seq: number;
}

/** Who answers for a model, how risky it is, which version had which stage when, and how long its data is kept. */
@Resolver('Model')
export class ModelGovernanceResolver {
  constructor(
    private readonly reads: ModelReads,
    private readonly kept: RetentionReads,
    private readonly ledger: Ledger,
    private readonly names: Names,
    private readonly clock: Clock,
  ) {}

  @ResolveField('risk')
  risk(@Parent() { model }: RegisteredModel): object {
    const { impact, frequency, assessor = null, reviewBy = null } = model.risk;
    return {
      tier: riskTier(model.risk),
      impact,
      frequency,
      formula: RISK_FORMULA,
      assessor,
      reviewBy,
      isOverdue: isReviewOverdue(model, this.clock.now()),
    };
  }

  @ResolveField('undoneByFile')
  undoneByFile(@Parent() { model }: RegisteredModel): Undone | null {
    return this.reads.undoneOf(model.key);
  }

  @ResolveField('residency')
  residency(@Parent() { model }: RegisteredModel): object | null {
    if (model.residency === undefined) return null;
    const { here, ...facts } = this.reads.residencyOf(model);
    return {
      regions: model.residency,
      serviceLiesIn: here,
      ...facts,
      refusals: async ({ first }: { first: number }) =>
        this.ledger.read({
          actions: ['residency.refused'],
          subjectType: 'model',
          subjectId: model.key,
          newestFirst: true,
          limit: pageSize(first),
        }),
    };
  }

  @ResolveField('descriptions')
  async descriptions(@Parent() { model }: RegisteredModel): Promise<readonly LedgerEntry[]> {
    return this.ledger.read({
      actions: ['model.registered', 'model.updated'],
      subjectType: 'model',
      subjectId: model.key,
      newestFirst: true,
      limit: MOST,
    });
  }

  @ResolveField('deployments')
  async deployments(
    @Parent() { model }: RegisteredModel,
    @Args('asOf') asOf?: ModelDeploymentsArgs['asOf'],
  ): Promise<readonly Deployment[]> {
    const at = pastInstant(asOf, 'asOf', this.clock.now());
    const all = await this.deploymentsOf(model.key);
    if (at === null) return all.toReversed();
    return all.filter(({ since, until }) => since <= at && (until === null || at < until));
  }

  /** Oldest first; a stage lasts until the version has the next one. */
  private async deploymentsOf(key: string): Promise<readonly Deployment[]> {
    const found = await this.ledger.read({ actions: OF_VERSIONS, text: JSON.stringify(key), limit: MOST });
    const own = found.filter(({ data, isRefused }) => data['model'] === key && !isRefused);
    return own.map(({ data, at, actor, seq }, i) => ({
      version: textOf(data['version']),
      stage: textOf(data['after'] ?? data['stage']),
      since: at,
      until: own.slice(i + 1).find((later) => later.data['version'] === data['version'])?.at ?? null,
      actor: { ...actor, ...this.names.card(actor.id) },
      reason: typeof data['reason'] === 'string' ? data['reason'] : null,
      isRollBack: data['rollBack'] === true,
      approval: typeof data['approval'] === 'string' ? data['approval'] : null,
      seq,
    }));
  }

  @ResolveField('retention')
  retention(@Parent() { model }: RegisteredModel): readonly object[] {
    const holds = this.kept.holdsOn(model.key);
    return this.kept.keptFor(model).map(({ dataClass, ms, isOwn, floorMs }) => ({
      dataClass,
      keptMs: Math.max(ms, floorMs),
      isOwn,
      floorMs,
      holds,
    }));
  }
}

import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { ModelStage } from '../domain/model.js';
import type { CheckResult } from '../domain/check-result.js';
import { unanswered } from '../domain/version-record.js';
import { ModelReads } from '../pipeline/model-reads.js';
import { readResults, windowKey, type WindowRow } from '../pipeline/window-reads.js';
import { answeredSince } from '../registry/answering.js';
import type { ModelVersion } from '../registry/registry.js';
import { nextStages } from '../registry/stage-transition.js';
import { Names } from '../registry/names.js';
import { changeOf } from './audit-change.js';
import { Database } from '../store/database.js';
import { BatchedWork } from './batched-work.js';
import { price } from './price.js';
import type { ApiContext } from './request.js';
import type { WindowResultsArgs } from './schema.generated.js';

/** A version of a model: where it comes from, and where it may go. */
@Resolver('ModelVersion')
export class ModelVersionResolver {
  constructor(private readonly names: Names) {}

  @ResolveField('secondsToProduction')
  secondsToProduction(@Parent() version: ModelVersion): number | null {
    const since = answeredSince(version);
    return since && (since.getTime() - version.knownSince.getTime()) / 1000;
  }

  @ResolveField('answersSince')
  answersSince(@Parent() version: ModelVersion): Date | null {
    return answeredSince(version);
  }

  @ResolveField('nextStages')
  nextStages(@Parent() { stage }: ModelVersion): readonly ModelStage[] {
    return nextStages(stage);
  }

  @ResolveField('record')
  record(@Parent() { record }: ModelVersion): object | null {
    return record?.record ?? null;
  }

  @ResolveField('recordedAt')
  recordedAt(@Parent() { record }: ModelVersion): Date | null {
    return record?.at ?? null;
  }

  @ResolveField('recordedBy')
  recordedBy(@Parent() { record }: ModelVersion): string | null {
    return record ? this.names.of(record.by) : null;
  }

  @ResolveField('announcedBy')
  announcedBy(@Parent() { announcedBy }: ModelVersion): string | null {
    return announcedBy === null ? null : this.names.of(announcedBy);
  }

  @ResolveField('unanswered')
  unanswered(@Parent() { record }: ModelVersion): readonly string[] {
    return unanswered(record?.record ?? {});
  }
}

/** Windows of one request whose results are read: five pages of the largest size. */
const MOST_WINDOWS = 1000;

/** What the checks said of a window. Those of many windows are read in one query, also where aliases ask for the same twice. */
@Resolver('Window')
export class WindowResolver {
  private readonly batches: BatchedWork<WindowRow, ReadonlyMap<string, readonly CheckResult[]>>;

  constructor(
    database: Database,
    private readonly reads: ModelReads,
  ) {
    this.batches = new BatchedWork(async (group, windows) => {
      const [model, feature, check] = JSON.parse(group) as [string, string | null, string | null];
      return readResults(database, { model, windows, feature, check });
    });
  }

  @ResolveField('results')
  async results(
    @Parent() window: WindowRow,
    @Args() { feature, check }: WindowResultsArgs,
    @Context() context: Partial<ApiContext>,
  ): Promise<readonly CheckResult[]> {
    price(context.req, 'the results of a window', MOST_WINDOWS);
    const group = JSON.stringify([window.model, feature ?? null, check ?? null]);
    return (await this.batches.run(group, window)).get(windowKey(window)) ?? [];
  }

  @ResolveField('changes')
  changes(@Parent() { model, version, from }: WindowRow): readonly object[] {
    return this.reads.changesAt(model, version, new Date(from)).map(changeOf);
  }
}

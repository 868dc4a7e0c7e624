import { Args, Query, Resolver } from '@nestjs/graphql';
import { Clock } from '../domain/clock.js';
import type { PlatformMetrics } from '../pipeline/platform-metrics.js';
import { PlatformReads } from '../pipeline/platform-reads.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import { stretch } from './request.js';
import type { QueryPlatformArgs } from './schema.generated.js';

const DAY_MS = 86_400_000;

/** The service itself, as its operators ask about it. */
@Resolver()
export class SystemResolver {
  constructor(
    private readonly reads: PlatformReads,
    private readonly clock: Clock,
  ) {}

  @Query('replicas')
  @Needs('read')
  replicas(): readonly object[] {
    return this.reads.replicas();
  }

  /** The last thirty days where nothing is said. */
  @Query('platform')
  @Needs('read')
  platform(@Args() range: QueryPlatformArgs): PlatformMetrics {
    const [from, to] = stretch(range);
    const until = to ?? this.clock.now();
    const since = from ?? new Date(until.getTime() - 30 * DAY_MS);
    if (since >= until) throw new BadInput('since: lies after until', 'since');
    return this.reads.metrics({ since, until });
  }

  @Query('migrations')
  @Needs('read')
  async migrations(): Promise<readonly object[]> {
    return this.reads.migrations();
  }
}

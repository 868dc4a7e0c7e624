import { Args, Query, Resolver } from '@nestjs/graphql';
import { join } from 'node:path';
import { packageFolder } from '../config/package-folder.js';
import { platformMetrics, type PlatformMetrics } from '../pipeline/platform-metrics.js';
import { Service } from '../service.js';
import { migrationStatus } from '../store/migration-status.js';
import { Needs } from './access.js';
import { BadInput } from './graphql-errors.js';
import { instant } from './request.js';
import type { QueryPlatformArgs } from './schema.generated.js';

const DAY_MS = 86_400_000;

/** The service itself, as its operators ask about it. */
@Resolver()
export class SystemResolver {
  constructor(private readonly service: Service) {}

  @Query('replicas')
  @Needs('read')
  replicas(): readonly object[] {
    return this.service.stages.replicas.list();
  }

  /** The last thirty days where nothing is said. */
  @Query('platform')
  @Needs('read')
  platform(@Args() range: QueryPlatformArgs): PlatformMetrics {
    const { registry, incidents, stages, options } = this.service;
    const until = instant(range.until) ?? options.clock.now();
    const since = instant(range.since) ?? new Date(until.getTime() - 30 * DAY_MS);
    if (since >= until) throw new BadInput('since: lies after until', 'since');
    const known = { models: registry.models(), incidents: incidents.list(), retrainings: stages.retrainings };
    return platformMetrics(known, { since, until });
  }

  @Query('migrations')
  @Needs('read')
  async migrations(): Promise<readonly object[]> {
    return migrationStatus(this.service.database, join(packageFolder(), 'migrations'));
  }
}

import { join } from 'node:path';
import { packageFolder } from '../config/package-folder.js';
import { migrationStatus } from '../store/migration-status.js';
import { platformMetrics, type Period, type PlatformMetrics } from './platform-metrics.js';
import type { Stages } from './stages.js';

/** The service itself, as its operators ask about it. */
export class PlatformReads {
  constructor(
    private readonly stages: Pick<Stages, 'database' | 'registry' | 'replicas' | 'incidents' | 'retrainings'>,
  ) {}

  /** As `platformMetrics` does. */
  metrics(period: Period): PlatformMetrics {
    const { registry, incidents, retrainings } = this.stages;
    return platformMetrics({ models: registry.models(), incidents: incidents.list(), retrainings }, period);
  }

  /** The processes that share the store. */
  replicas(): ReturnType<Stages['replicas']['list']> {
    return this.stages.replicas.list();
  }

  /** As `migrationStatus` does. */
  async migrations(): ReturnType<typeof migrationStatus> {
    return migrationStatus(this.stages.database, join(packageFolder(), 'migrations'));
  }
}

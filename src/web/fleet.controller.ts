import { Get, Query } from '@nestjs/common';
import { readMonitoring } from '../pipeline/monitoring.js';
import { Service } from '../service.js';
import { SHOWN } from './fleet-order.js';
import { fleetPage } from './fleet.page.js';
import { readRecentWindows, readTraffic } from './fleet.reads.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';

const DAY = 86_400_000;
const RECENT_WINDOWS = 120;

/** The first page. */
@Pages()
export class FleetController {
  constructor(private readonly service: Service) {}

  @Get()
  async fleet(@Query() asked: { readonly q?: unknown; readonly show?: unknown }): Promise<PageContent> {
    const { database, registry, incidents, options, spine, stages } = this.service;
    const now = options.clock.now();
    const models = registry.models();
    const labelDelays = models.map(({ model }) => ({ model: model.key, ms: model.labels.expectedWithin }));
    const since = new Date(now.getTime() - 60 * DAY);
    const [traffic, windows] = await Promise.all([
      readTraffic(database, { now, labelDelays }),
      readRecentWindows(database, { since, limit: RECENT_WINDOWS }),
    ]);
    const cases = incidents.cases({ state: 'OPEN' });
    const { problems: own } = spine;
    const problems = new Map(
      models.map(({ model }) => [model.key, spine.standing(model.key).problem] as const),
    );
    const monitoring = new Map(
      await Promise.all(
        models.map(async (one) => [one.model.key, await readMonitoring(stages, one, own)] as const),
      ),
    );
    const open = incidents.open();
    const text = typeof asked.q === 'string' ? asked.q.slice(0, 200) : '';
    const search = { text, shown: SHOWN.find((one) => one === asked.show) ?? 'all' } as const;
    return fleetPage({ now, models, cases, open, search, traffic, windows, problems, monitoring });
  }
}

import { Get, Query } from '@nestjs/common';
import { Incidents } from '../incidents/incidents.js';
import { IncidentReads } from '../pipeline/incident-reads.js';
import { Registry } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { orderCases, SHOWN } from './fleet-order.js';
import { fleetPage, fleetRows, WINDOWS_DRAWN, type Fleet } from './fleet.page.js';
import { FleetWatch, GAPS_KNOWN_MS } from './fleet-watch.js';
import { readRecentWindows, readToday, readTraffic } from './fleet.reads.js';
import type { PageContent } from './layout.js';
import { paged } from './pager.js';
import { Pages } from './pages.decorator.js';

/** Models on one page. */
const ROWS = 100;

interface Asked {
  readonly q?: unknown;
  readonly show?: unknown;
  readonly page?: unknown;
}

/** The first page. */
@Pages()
export class FleetController {
  constructor(
    private readonly watch: FleetWatch,
    private readonly database: Database,
    private readonly incidents: Incidents,
    private readonly told: IncidentReads,
    private readonly registry: Registry,
  ) {}

  @Get()
  async fleet(@Query() asked: Asked): Promise<PageContent> {
    const { watch, database, registry, incidents } = this;
    const now = watch.now();
    const models = registry.models();
    const search = searchOf(asked);
    const monitoring = await watch.monitoring(models);
    const since = new Date(now.getTime() - GAPS_KNOWN_MS);
    const silent = await watch.stopped(models, since, now);
    const found = fleetRows({ models, open: incidents.open(), monitoring, silent, search });
    const rows = paged(found, asked.page, ROWS);
    const shown = rows.items.map(({ key }) => key);
    const labelDelays = rows.items.map(({ key, registered }) => ({
      model: key,
      ms: registered.model.labels.expectedWithin,
    }));
    const [today, traffic, windows] = await Promise.all([
      readToday(database, now),
      readTraffic(database, { now, labelDelays }),
      readRecentWindows(database, { models: shown, since, limit: WINDOWS_DRAWN }),
    ]);
    return fleetPage({
      now,
      models: models.length,
      found,
      rows,
      cases: orderCases(incidents.cases({ state: 'OPEN' }), (model) => registry.tierOf(model)),
      tell: (one) => this.told.tell(one),
      search,
      today,
      traffic: new Map(traffic.map((one) => [one.model, one])),
      windows: new Map(windows.map((one) => [one.model, one])),
      problems: new Map(shown.map((key) => [key, watch.problemOf(key)])),
      monitoring,
      newestRow: (key) => watch.newestRow(key),
    });
  }
}

function searchOf({ q, show }: Asked): Fleet['search'] {
  const text = typeof q === 'string' ? q.slice(0, 200) : '';
  return { text, shown: SHOWN.find((one) => one === show) ?? 'all' };
}

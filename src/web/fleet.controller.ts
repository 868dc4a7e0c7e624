import { Get, Query } from '@nestjs/common';
import { groupBy } from '../domain/group-by.js';
import type { Monitoring } from '../domain/monitoring.js';
import { titleCase } from '../pipeline/brief-case.js';
import { Turns } from '../pipeline/in-turns.js';
import { readMonitoring } from '../pipeline/monitoring.js';
import { Service } from '../service.js';
import { orderCases, SHOWN } from './fleet-order.js';
import { fleetPage, fleetRows, WINDOWS_DRAWN, type Fleet } from './fleet.page.js';
import { isStopped, silenceOf } from './stopped-streams.js';
import type { RegisteredModel } from '../registry/registry.js';
import { readRecentWindows, readToday, readTraffic } from './fleet.reads.js';
import type { PageContent } from './layout.js';
import { paged } from './pager.js';
import { Pages } from './pages.decorator.js';

const DAY = 86_400_000;
/** Streams that may have stopped, whose gaps are looked at. */
const MOST_SUSPECTS = 500;
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
  constructor(private readonly service: Service) {}

  @Get()
  async fleet(@Query() asked: Asked): Promise<PageContent> {
    const { database, registry, incidents, options, spine, stages } = this.service;
    const now = options.clock.now();
    const models = registry.models();
    const search = searchOf(asked);
    const monitoring = await this.monitoring();
    const since = new Date(now.getTime() - 60 * DAY);
    const silent = await this.stopped(models, since, now);
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
      tell: (one) => titleCase(stages, one),
      search,
      today,
      traffic: new Map(traffic.map((one) => [one.model, one])),
      windows: new Map(windows.map((one) => [one.model, one])),
      problems: new Map(shown.map((key) => [key, spine.standing(key).problem])),
      monitoring,
      newestRow: (key) => stages.book.newestRow(key),
    });
  }

  /** Models whose stream has stopped, with for how long no row has come, ms. */
  private async stopped(
    models: readonly RegisteredModel[],
    since: Date,
    now: Date,
  ): Promise<ReadonlyMap<string, number>> {
    const { database, stages } = this.service;
    const suspects = models.flatMap(({ model: { key, window: windowMs } }) => {
      const silentMs = silenceOf({ windowMs, newestRow: stages.book.newestRow(key) }, now.getTime());
      return silentMs === null ? [] : [{ key, silentMs }];
    });
    const asked = suspects.slice(0, MOST_SUSPECTS);
    if (asked.length === 0) return new Map();
    const keys = asked.map(({ key }) => key);
    const known = await readRecentWindows(database, { models: keys, since, limit: WINDOWS_DRAWN });
    const recent = new Map(known.map((one) => [one.model, one]));
    const stopped = asked.filter(({ key, silentMs }) =>
      isStopped(silentMs, recent.get(key) ?? { points: [] }),
    );
    return new Map(stopped.map(({ key, silentMs }) => [key, silentMs]));
  }

  private async monitoring(): Promise<ReadonlyMap<string, Monitoring>> {
    const { registry, spine, stages } = this.service;
    const read = async (one: RegisteredModel) =>
      [one.model.key, await readMonitoring(stages, one, spine.problems)] as const;
    const own = groupBy(registry.models(), ({ model }) => stages.replicas.holds(model.key));
    // What other processes said is one read for all that ask at once; one after the other, each would read it anew.
    const found = new Map(await Promise.all((own.get(false) ?? []).map(read)));
    const turns = new Turns();
    for (const one of own.get(true) ?? []) {
      await turns.next();
      found.set(...(await read(one)));
    }
    return found;
  }
}

function searchOf({ q, show }: Asked): Fleet['search'] {
  const text = typeof q === 'string' ? q.slice(0, 200) : '';
  return { text, shown: SHOWN.find((one) => one === show) ?? 'all' };
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../domain/clock.js';
import { groupBy } from '../domain/group-by.js';
import type { Monitoring } from '../domain/monitoring.js';
import { Turns } from '../pipeline/in-turns.js';
import { ModelReads } from '../pipeline/model-reads.js';
import type { RegisteredModel } from '../registry/registry.js';
import { Database } from '../store/database.js';
import { WINDOWS_DRAWN } from './fleet.page.js';
import { readRecentWindows } from './fleet.reads.js';
import { isStopped, silenceOf } from './stopped-streams.js';

/** Streams that may have stopped, whose gaps are looked at. */
const MOST_SUSPECTS = 500;

/** So far back it is looked for what gaps a stream has. */
export const GAPS_KNOWN_MS = 60 * 86_400_000;

/** How all models stand: how far they are monitored, and whose stream has stopped. */
@Injectable()
export class FleetWatch {
  constructor(
    private readonly database: Database,
    private readonly reads: ModelReads,
    private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  /** Event time of the newest row of a model, epoch ms; null where this process does not know it. */
  newestRow(key: string): number | null {
    return this.reads.newestRow(key);
  }

  /** Why a reference could not be frozen; null where it could. */
  problemOf(key: string): string | null {
    return this.reads.standing(key).problem;
  }

  /** Models whose stream has stopped, with since when no row has come, epoch ms. */
  async stopped(
    models: readonly RegisteredModel[],
    since: Date,
    now: Date,
  ): Promise<ReadonlyMap<string, number>> {
    const suspects = models.flatMap(({ model: { key, window: windowMs } }) => {
      const silentMs = silenceOf({ windowMs, newestRow: this.newestRow(key) }, now.getTime());
      return silentMs === null ? [] : [{ key, silentMs }];
    });
    const asked = suspects.slice(0, MOST_SUSPECTS);
    if (asked.length === 0) return new Map();
    const keys = asked.map(({ key }) => key);
    const known = await readRecentWindows(this.database, { models: keys, since, limit: WINDOWS_DRAWN });
    const recent = new Map(known.map((one) => [one.model, one]));
    const stopped = asked.filter(({ key, silentMs }) =>
      isStopped(silentMs, recent.get(key) ?? { points: [] }),
    );
    return new Map(stopped.map(({ key, silentMs }) => [key, now.getTime() - silentMs]));
  }

  async monitoring(models: readonly RegisteredModel[]): Promise<ReadonlyMap<string, Monitoring>> {
    const read = async (one: RegisteredModel) => [one.model.key, await this.reads.monitoring(one)] as const;
    const own = groupBy(models, ({ model }) => this.reads.isOurs(model.key));
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

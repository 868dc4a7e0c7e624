import { groupBy } from '../domain/group-by.js';
import type { Database } from '../store/database.js';

/** Minutes of one model version whose rows or labels changed since they were last summarised. */
export interface DirtyMinutes {
  readonly model: string;
  readonly version: string;
  /** Starts of minutes, epoch seconds, ascending. */
  readonly minutes: readonly number[];
  /** Those of them that got predictions, not only labels. */
  readonly withNewRows: readonly number[];
}

interface Arrival {
  readonly kind: 'prediction' | 'label';
  readonly model: string;
  readonly version: string;
  readonly minute: number;
  readonly arrived: number;
  readonly events: number;
}

/** An insert can become visible this much after the time it carries. */
const VISIBILITY_MS = 60_000;

/** Rows inserted since `{since}`, by the minute of event time they touch and the millisecond of their insert. */
const NEW_PREDICTIONS = `
  SELECT 'prediction' AS kind, model, version, toUnixTimestamp(toStartOfMinute(ts)) AS minute, toUnixTimestamp64Milli(ingested_at) AS arrived, count() AS events
  FROM predictions WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') GROUP BY ALL`;

/** The minutes of the predictions that new labels speak about; a label without its prediction waits in the table. */
const NEW_LABELS = `
  SELECT 'label' AS kind, model, version, toUnixTimestamp(toStartOfMinute(ts)) AS minute, arrived, count() AS events
  FROM predictions INNER JOIN (
    SELECT model, prediction_id, toUnixTimestamp64Milli(max(ingested_at)) AS arrived FROM labels
    WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') GROUP BY model, prediction_id
  ) AS news USING (model, prediction_id) GROUP BY ALL`;

const LOAD = `SELECT toInt64(value) AS since FROM progress FINAL WHERE name = 'profiles'`;

/**
 * Finds what is new in the store. An arrival is remembered by (minute, insert time, row count) for as long as a slower insert could
 * still show up with an earlier time, so nothing is missed and nothing is done twice. After a restart it goes on from `commit`.
 */
export class DirtyMinuteScan {
  private readonly seen = new Map<string, number>();
  private since: number | null = null;
  private committed = 0;

  constructor(private readonly database: Database) {}

  /** Everything that arrived since the last scan and was not yet given out; the very first scan gives every minute there is. */
  async scan(): Promise<readonly DirtyMinutes[]> {
    this.since ??= this.committed = (await this.database.query<{ since: number }>(LOAD))[0]?.since ?? 0;
    const params = { since: Math.max(0, this.since - VISIBILITY_MS) };
    const [predictions, labels] = await Promise.all([
      this.database.query<Arrival>(NEW_PREDICTIONS, { params, timeoutMs: 120_000 }),
      this.database.query<Arrival>(NEW_LABELS, { params, timeoutMs: 120_000 }),
    ]);
    const fresh = this.unseen([...predictions, ...labels]);
    this.forget(params.since);
    return grouped(fresh);
  }

  /** Everything the scans gave out so far is summarised: a restart need not look at it again. */
  async commit(): Promise<void> {
    if (this.since === null || this.since === this.committed) return;
    await this.database.insert('progress', [{ name: 'profiles', value: String(this.since) }]);
    this.committed = this.since;
  }

  private unseen(arrivals: readonly Arrival[]): Arrival[] {
    return arrivals.filter((arrival) => {
      const key = `${arrival.kind}\0${arrival.model}\0${arrival.version}\0${arrival.minute}\0${arrival.arrived}\0${arrival.events}`;
      if (this.seen.has(key)) return false;
      this.seen.set(key, arrival.arrived);
      this.since = Math.max(this.since ?? 0, arrival.arrived);
      return true;
    });
  }

  private forget(before: number): void {
    for (const [key, arrived] of this.seen) if (arrived < before) this.seen.delete(key);
  }
}

const distinct = (arrivals: readonly Arrival[]) =>
  [...new Set(arrivals.map((arrival) => arrival.minute))].sort((a, b) => a - b);

function grouped(arrivals: readonly Arrival[]): DirtyMinutes[] {
  const byVersion = groupBy(arrivals, (arrival) => `${arrival.model}\0${arrival.version}`);
  return [...byVersion.values()].map((group) => ({
    model: group[0]?.model ?? '',
    version: group[0]?.version ?? '',
    minutes: distinct(group),
    withNewRows: distinct(group.filter((arrival) => arrival.kind === 'prediction')),
  }));
}

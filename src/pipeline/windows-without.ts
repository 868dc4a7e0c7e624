import type { Database } from '../store/database.js';

/** A problem as results name it; `feature` and `segment` are '' where it is about all of the rows. */
export interface SeriesName {
  readonly check: string;
  readonly segment: string;
  readonly feature: string;
}

/** A training run whose version answers, and what is to be shown of it. */
export interface AskedRun {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  /** Windows that start before this were not answered by it, or are not looked at. */
  readonly since: Date;
  readonly series: readonly SeriesName[];
  /** Changes whenever a window of the version was judged. */
  readonly asOf: string;
}

const COUNT = `SELECT count() AS windows FROM (
    SELECT window_from FROM (
      SELECT window_from, statistic, argMax(state, (revision, evaluated_at)) AS newest, argMax(n, (revision, evaluated_at)) AS rows
      FROM check_results
      WHERE model = {model:String} AND version = {version:String} AND window_from >= toDateTime({since:UInt32}, 'UTC')
        AND check = {check:String} AND feature = {feature:String} AND segment = {segment:String}
      GROUP BY window_from, statistic
    ) WHERE rows > 0 GROUP BY window_from HAVING countIf(newest IN ('OK', 'NOT_JUDGED')) > 0 AND countIf(newest = 'ALERT') = 0
  )`;

/**
 * Windows with rows in which a problem could be seen and was not: at least one of its statistics is OK, or a number that only rules hear, and none alerts. A window in which the
 * check was learning, had too few rows or does not apply shows nothing. Counted anew only when a window was judged.
 */
export class WindowsWithout {
  private readonly counts = new Map<string, { readonly asOf: string; readonly windows: number }>();

  constructor(private readonly database: Database) {}

  /** The last count of a run: the fewest windows of any of its problems; 0 where it was never counted. */
  of(runId: string): number {
    return this.counts.get(runId)?.windows ?? 0;
  }

  /** Counts for these runs and forgets all others. */
  async refresh(asked: readonly AskedRun[]): Promise<void> {
    const wanted = new Set(asked.map(({ id }) => id));
    for (const id of this.counts.keys()) if (!wanted.has(id)) this.counts.delete(id);
    for (const run of asked) {
      if (this.counts.get(run.id)?.asOf === run.asOf) continue;
      this.counts.set(run.id, { asOf: run.asOf, windows: await this.count(run) });
    }
  }

  private async count({ model, version, since, series }: AskedRun): Promise<number> {
    let least = Infinity;
    for (const one of series) {
      const params = { model, version, since: Math.ceil(since.getTime() / 1000), ...one };
      const [found] = await this.database.query<{ windows: number }>(COUNT, { params });
      least = Math.min(least, found?.windows ?? 0);
    }
    return Number.isFinite(least) ? least : 0;
  }
}

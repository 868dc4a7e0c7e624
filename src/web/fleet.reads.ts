import type { Database } from '../store/database.js';

/** What is known of one model's traffic. Instants are epoch milliseconds. */
export interface Traffic {
  readonly model: string;
  readonly today: number;
  readonly lastHour: number;
  /** Predictions old enough that their labels should be there, and how many are. */
  readonly due: number;
  readonly labelled: number;
}

export interface TrafficQuery {
  readonly now: Date;
  /** Older than this (ms), a prediction of the model should have its label. */
  readonly labelDelays: readonly { readonly model: string; readonly ms: number }[];
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Predictions of the day under way, of all models. */
export async function readToday(database: Database, at: Date): Promise<number> {
  const now = Math.floor(at.getTime() / 1000);
  const [found] = await database.query<{ today: number }>(
    "SELECT sum(predictions) AS today FROM v_volume_1m WHERE minute >= toDateTime({today:UInt32}, 'UTC') AND minute <= toDateTime({now:UInt32}, 'UTC')",
    { params: { now, today: now - (now % DAY) } },
  );
  return Number(found?.today ?? 0);
}

/** Traffic of the last 30 days of event time, of the models whose labels' delays are given; models without any are absent. */
export async function readTraffic(database: Database, query: TrafficQuery): Promise<readonly Traffic[]> {
  const now = Math.floor(query.now.getTime() / 1000);
  const params = {
    now,
    hour: now - HOUR,
    today: now - (now % DAY),
    since: now - 30 * DAY,
    models: query.labelDelays.map(({ model }) => model),
    cuts: query.labelDelays.map(({ ms }) => Math.max(0, now - Math.floor(ms / 1000))),
  };
  return database.query<Traffic>(
    `SELECT v.model AS model, sumIf(v.predictions, at >= {today:UInt32}) AS today, sumIf(v.predictions, at >= {hour:UInt32}) AS lastHour,
       sumIf(v.predictions, at < cut) AS due, sumIf(v.labelled, at < cut) AS labelled
     FROM (SELECT toString(m.model) AS model, m.predictions AS predictions, m.labelled AS labelled, toUnixTimestamp(m.minute) AS at,
             transform(toString(m.model), {models:Array(String)}, {cuts:Array(UInt32)}, toUInt32(0)) AS cut
           FROM v_volume_1m AS m WHERE m.model IN {models:Array(String)} AND m.minute >= toDateTime({since:UInt32}, 'UTC') AND m.minute <= toDateTime({now:UInt32}, 'UTC')) AS v
     GROUP BY v.model`,
    { params },
  );
}

/** The newest windows of one model, all versions together. */
export interface RecentWindows {
  readonly model: string;
  readonly lastTo: number;
  /** Start of every window (epoch seconds) and its predictions, oldest first. */
  readonly points: readonly (readonly [at: number, volume: number])[];
}

/** Where the newest windows of models begin, at most so many of each, epoch seconds: of years of them only those are read. */
const FIRST_OF_NEWEST = `SELECT toString(model) AS model, bitmapMin(subBitmap(starts, toUInt64(greatest(0, toInt64(bitmapCardinality(starts)) - {limit:UInt32})), {limit:UInt32})) AS first
  FROM (SELECT t.model AS model, groupBitmapMergeState(t.judged) AS starts FROM window_totals AS t WHERE t.model IN {models:Array(String)} GROUP BY t.model)`;

const NEWEST = `SELECT model, max(ends) * 1000 AS lastTo, arraySort(groupArray((at, volume))) AS points
  FROM (SELECT model, at, max(ends) AS ends, sum(rows) AS volume
        FROM (SELECT toString(w.model) AS model, w.version AS version, toUnixTimestamp(w.window_from) AS at, toUnixTimestamp(max(w.window_to)) AS ends,
                argMax(w.predictions, (w.revision, w.evaluated_at)) AS rows
              FROM windows AS w
              WHERE w.model IN {models:Array(String)} AND w.window_from >= toDateTime({since:UInt32}, 'UTC')
                AND toUnixTimestamp(w.window_from) >= transform(toString(w.model), {models:Array(String)}, {firsts:Array(UInt32)}, toUInt32(0))
              GROUP BY model, version, at)
        GROUP BY model, at ORDER BY model, at DESC LIMIT {limit:UInt32} BY model)
  GROUP BY model`;

/** At most `limit` windows of every model that is named. */
export async function readRecentWindows(
  database: Database,
  {
    models,
    since,
    limit,
  }: { readonly models: readonly string[]; readonly since: Date; readonly limit: number },
): Promise<readonly RecentWindows[]> {
  const found = await database.query<{ model: string; first: number }>(FIRST_OF_NEWEST, {
    params: { models, limit },
  });
  if (found.length === 0) return [];
  const firsts = found.map(({ first }) => first);
  const earliest = firsts.reduce((least, first) => Math.min(least, first));
  const params = {
    models: found.map(({ model }) => model),
    firsts,
    since: Math.max(Math.floor(since.getTime() / 1000), earliest),
    limit,
  };
  return database.query<RecentWindows>(NEWEST, { params });
}

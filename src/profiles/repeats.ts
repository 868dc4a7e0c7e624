import { versionPlace } from '../domain/version-place.js';
import { addAll } from '../domain/add-all.js';
import { groupBy } from '../domain/group-by.js';
import type { Database } from '../store/database.js';

/** An insert of predictions: the time it carries and how many rows it has. */
interface Insert {
  readonly arrived: number;
  readonly events: number;
}

/** A minute in which rows lie that count nowhere. Epoch seconds. */
export interface RepeatedMinute {
  readonly model: string;
  readonly version: string;
  readonly environment: string;
  readonly minute: number;
}

/** Ids are looked up among all there ever were, some microseconds each: so many at once always … */
const IDS_AT_ONCE = 2_000;
/** … more only for one part in so many of the time … */
const PART = 20;
/** … and never more in one statement, for the memory it takes. */
const MOST = 500_000;

/** Rows of these inserts whose id lies in an earlier minute of the same version: every minute but the first. */
const REPEATED = `
  SELECT m.model AS model, m.version AS version, m.environment AS environment,
    arrayJoin(arraySlice(arraySort(groupUniqArray(m.minute)), 2)) AS minute, m.id AS id
  FROM prediction_minutes AS m
  WHERE (m.model, m.id) IN (
    SELECT model, cityHash64(prediction_id) FROM predictions
    WHERE ingested_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND toUnixTimestamp64Milli(ingested_at) IN {arrived:Array(Int64)})
  GROUP BY m.model, m.version, m.environment, m.id HAVING uniqExact(m.minute) > 1`;
const MINUTES = `SELECT model, version, environment, toUnixTimestamp(minute) AS minute FROM (${REPEATED}) GROUP BY ALL`;
const RECORD = `INSERT INTO repeated_predictions (model, version, environment, minute, id)
  SELECT model, version, environment, minute, id FROM (${REPEATED})`;

/** The recorded minutes of a version that hold repeats and nothing else: summaries of before must not stay. */
const EMPTIED = `model = {model:String} AND version = {version:String} AND toUnixTimestamp(minute) IN {minutes:Array(UInt32)}
  AND minute NOT IN (
    SELECT toStartOfMinute(ts) FROM predictions
    WHERE model = {model:String} AND version = {version:String} AND ts >= fromUnixTimestamp({from:UInt32}) AND ts < fromUnixTimestamp({to:UInt32})
      AND (environment, toStartOfMinute(ts), cityHash64(prediction_id)) NOT IN (
        SELECT environment, minute, id FROM repeated_predictions
        WHERE model = {model:String} AND version = {version:String} AND minute >= fromUnixTimestamp({from:UInt32}) AND minute < fromUnixTimestamp({to:UInt32})))`;
const BLANK = [
  ['performance_1m', 'model, version, minute'],
  ['profiles_1m', 'model, version, baseline, feature, minute, kind'],
  ['measures_1m', 'model, version, baseline, minute, rule, kind'],
].map(
  ([table, columns]) => `INSERT INTO ${table} (${columns}, computed_at)
  SELECT DISTINCT ${columns}, now64(6) FROM ${table} WHERE ${EMPTIED}`,
);

/**
 * A prediction is known by its id: sent again with a later time it is the same one, and the first minute stays. Finds such rows among what is
 * new and writes them down, so that they are counted nowhere. Two ids of one hash would be taken for one: among a billion, one pair in forty tries.
 */
export class Repeats {
  private waiting: readonly Insert[] = [];
  private dueAt = -Infinity;

  constructor(private readonly database: Database) {}

  /** The time of the oldest insert that was not looked at yet; null when all were. */
  get oldestWaiting(): number | null {
    if (this.waiting.length === 0) return null;
    return this.waiting.reduce((oldest, { arrived }) => Math.min(oldest, arrived), Infinity);
  }

  /** Minutes with rows that are repeats, among these inserts and those that wait. After a failure the same inserts are given again. */
  async among(inserts: readonly Insert[]): Promise<readonly RepeatedMinute[]> {
    let waiting = [...this.waiting, ...inserts];
    const found: RepeatedMinute[] = [];
    while (waiting.length > 0 && this.isDue(waiting)) {
      const { some, rest } = cut(waiting);
      const started = performance.now();
      addAll(found, await this.record(some.map(({ arrived }) => arrived)));
      waiting = [...rest];
      this.dueAt = performance.now() + PART * (performance.now() - started);
    }
    this.waiting = waiting;
    return found;
  }

  private isDue(inserts: readonly Insert[]): boolean {
    const events = inserts.reduce((sum, insert) => sum + insert.events, 0);
    return events <= IDS_AT_ONCE || performance.now() >= this.dueAt;
  }

  private async record(arrived: readonly number[]): Promise<readonly RepeatedMinute[]> {
    const params = { first: arrived.reduce((a, b) => Math.min(a, b)), arrived };
    const minutes = await this.database.query<RepeatedMinute>(MINUTES, { params, timeoutMs: 120_000 });
    if (minutes.length === 0) return [];
    await this.database.command(RECORD, { params, timeoutMs: 120_000 });
    const versions = groupBy(minutes, ({ model, version }) => versionPlace(model, version));
    for (const of of versions.values()) await this.blank(of);
    return minutes;
  }

  private async blank(of: readonly RepeatedMinute[]): Promise<void> {
    const { model, version } = of[0] ?? { model: '', version: '' };
    const minutes = of.map(({ minute }) => minute);
    const from = minutes.reduce((a, b) => Math.min(a, b));
    const to = minutes.reduce((a, b) => Math.max(a, b)) + 60;
    const params = { model, version, minutes, from, to };
    for (const sql of BLANK) await this.database.command(sql, { params, timeoutMs: 120_000 });
  }
}

/** As many inserts as go into one statement, at least one. */
function cut(inserts: readonly Insert[]): {
  readonly some: readonly Insert[];
  readonly rest: readonly Insert[];
} {
  let events = 0;
  const end = inserts.findIndex((insert, i) => {
    events += insert.events;
    return i > 0 && events > MOST;
  });
  return end === -1 ? { some: inserts, rest: [] } : { some: inserts.slice(0, end), rest: inserts.slice(end) };
}

import { SYSTEM } from '../domain/ledger-entry.js';
import type { BaselineSource } from '../domain/model.js';
import { eachReference, type RegisteredModel } from '../registry/registry.js';
import type { Database } from '../store/database.js';
import { expiredData, type DataClass, type Expired, type KeepFor } from './retention-plan.js';
import type { Stages } from './stages.js';

/** Rows of a table that are older than an instant; `age` is what says how old a row is. */
interface AgedTable {
  readonly table: string;
  /** Its time in the world, by which a period is excepted. */
  readonly time: string;
  /** When it came here: a history that was sent yesterday is not old. */
  readonly arrival: string;
  /** What is never old. */
  readonly but?: string;
}

const TABLES: Readonly<Record<DataClass, readonly AgedTable[]>> = {
  events: [
    { table: 'predictions', time: 'ts', arrival: 'ingested_at' },
    { table: 'labels', time: 'labelled_at', arrival: 'ingested_at' },
    { table: 'prediction_minutes', time: 'minute', arrival: 'minute' },
    { table: 'repeated_predictions', time: 'minute', arrival: 'minute' },
  ],
  summaries: ['profiles_1m', 'measures_1m', 'performance_1m', 'outcomes_1m', 'service_1m'].map((table) => ({
    table,
    time: 'minute',
    arrival: 'minute',
  })),
  results: [{ table: 'check_results', time: 'window_to', arrival: 'evaluated_at' }],
  states: [
    {
      table: 'series_states',
      time: 'window_to',
      arrival: 'evaluated_at',
      // The next window is judged with what the newest left, however old that is.
      but: '(version, track, window_to) NOT IN (SELECT version, track, max(window_to) FROM series_states WHERE model = {model:String} GROUP BY version, track)',
    },
  ],
};

const DAY = 86_400_000;
const STATEMENT_MS = 600_000;
/** Whose the dead letters are; they have no model of their own. */
const DEAD_LETTERS = 'dead letters';

/** For how long data is kept: what belongs to models, and dead letters, ms. */
export interface Keeping {
  readonly models: KeepFor;
  readonly deadLetters: number;
}

/** Lets old data go, once a day; every deletion is an entry of the ledger, made before it. */
export class Retention {
  private dueAt = -Infinity;

  constructor(private readonly keeping: Keeping) {}

  /** Deletes what is old and not needed. Throws what the store throws: it is tried again within the hour. */
  async tidy(stages: Stages): Promise<void> {
    const now = stages.clock.now();
    if (now.getTime() < this.dueAt) return;
    this.dueAt = now.getTime() + DAY / 24;
    for (const registered of stages.registry.models())
      if (stages.replicas.holds(registered.model.key)) await this.tidyModel(stages, registered, now);
    if (stages.replicas.owns(DEAD_LETTERS)) await this.tidyDeadLetters(stages, now);
    this.dueAt = now.getTime() + DAY;
  }

  private async tidyModel(stages: Stages, registered: RegisteredModel, now: Date): Promise<void> {
    const { model } = registered;
    const references = registered.baseline === null ? null : await sourcesOf(stages, registered);
    const open = stages.incidents.openOf(model.key).map(({ since, openedAt }) => since ?? openedAt);
    const openSince = open.reduce<Date | null>((a, b) => (a === null || b < a ? b : a), null);
    for (const expired of expiredData({ model, references, openSince }, this.keeping.models, now))
      for (const aged of TABLES[expired.dataClass]) await deleteExpired(stages, model.key, aged, expired);
  }

  private async tidyDeadLetters(stages: Stages, now: Date): Promise<void> {
    const before = new Date(now.getTime() - this.keeping.deadLetters);
    const where = "received_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')";
    const params = { before: before.getTime() };
    const rows = await countRows(stages.database, 'dead_letters', where, params);
    if (rows === 0) return;
    const told = { table: 'dead_letters', before: before.toISOString(), rows };
    await stages.ledger.transact((at) => [
      {
        action: 'data.deleted',
        actor: SYSTEM,
        at,
        subject: { type: 'store', id: 'dead_letters' },
        data: told,
      },
    ]);
    await stages.database.command(`DELETE FROM dead_letters WHERE ${where}`, {
      params,
      timeoutMs: STATEMENT_MS,
    });
  }
}

/** Where every reference of a model came from. */
async function sourcesOf(
  { references }: Stages,
  registered: RegisteredModel,
): Promise<readonly BaselineSource[]> {
  const found = await Promise.all(eachReference(registered).map(async (held) => references.baselineOf(held)));
  return found.flatMap((baseline) => (baseline ? [baseline.source] : []));
}

async function deleteExpired(
  { database, ledger, replicas }: Stages,
  model: string,
  { table, time, arrival, but }: AgedTable,
  { before, except }: Expired,
): Promise<void> {
  const instant = (at: Date) => `fromUnixTimestamp64Milli(toInt64(${at.getTime()}), 'UTC')`;
  const kept = except.map(
    ({ since, until }) => `NOT (${time} >= ${instant(since)} AND ${time} < ${instant(until)})`,
  );
  const old = "fromUnixTimestamp64Milli({before:Int64}, 'UTC')";
  const conditions = ['model = {model:String}', `${time} < ${old}`, `${arrival} < ${old}`, ...kept, but];
  const where = conditions.filter((condition) => typeof condition === 'string').join(' AND ');
  const params = { model, before: before.getTime() };
  const rows = await countRows(database, table, where, params);
  if (rows === 0) return;
  await ledger.transact((at) => {
    replicas.demand(model);
    const data = { table, before: before.toISOString(), rows };
    return [{ action: 'data.deleted', actor: SYSTEM, at, subject: { type: 'model', id: model }, data }];
  });
  await database.command(`DELETE FROM ${table} WHERE ${where}`, { params, timeoutMs: STATEMENT_MS });
}

async function countRows(
  database: Database,
  table: string,
  where: string,
  params: Record<string, string | number>,
): Promise<number> {
  const sql = `SELECT count() AS rows FROM ${table} WHERE ${where}`;
  const [found] = await database.query<{ rows: number }>(sql, { params, timeoutMs: STATEMENT_MS });
  return Number(found?.rows ?? 0);
}

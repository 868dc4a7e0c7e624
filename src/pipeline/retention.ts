import { SYSTEM } from '../domain/ledger-entry.js';
import { durationText } from '../domain/duration.js';
import type { DataClass } from '../domain/record-class.js';
import { UnusableBaseline } from '../profiles/baseline.repository.js';
import type { HeldSpan } from '../records/legal-holds.js';
import type { BaselineSource } from '../domain/model.js';
import { literal } from '../store/sql-text.js';
import { eachReference, type RegisteredModel } from '../registry/registry.js';
import type { Database } from '../store/database.js';
import { expiredData, type Expired } from './retention-plan.js';
import type { KeepTerms } from './retention-report.js';
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
  /** How far its time may lie after that of the events it is about, ms: a hold of those keeps it. Default 0. */
  readonly behindMs?: number;
}

/** A window is a day long at most. */
const DAY = 86_400_000;

const TABLES: Readonly<Record<DataClass, readonly AgedTable[]>> = {
  events: [
    { table: 'predictions', time: 'ts', arrival: 'ingested_at' },
    { table: 'labels', time: 'labelled_at', arrival: 'ingested_at', behindMs: Infinity },
    { table: 'prediction_minutes', time: 'minute', arrival: 'minute' },
    { table: 'repeated_predictions', time: 'minute', arrival: 'minute' },
    // The lines of a day are named together, and go together.
    { table: 'erased_marks', time: "toDateTime(toDate(window_from) + 1, 'UTC')", arrival: 'made_at' },
  ],
  summaries: ['profiles_1m', 'measures_1m', 'performance_1m', 'outcomes_1m', 'service_1m'].map((table) => ({
    table,
    time: 'minute',
    arrival: 'minute',
  })),
  results: [{ table: 'check_results', time: 'window_to', arrival: 'evaluated_at', behindMs: DAY }],
  states: [
    {
      table: 'series_states',
      time: 'window_to',
      arrival: 'evaluated_at',
      behindMs: DAY,
      // The next window is judged with what the newest left, however old that is.
      but: '(version, track, window_to) NOT IN (SELECT version, track, max(window_to) FROM series_states WHERE model = {model:String} GROUP BY version, track)',
    },
  ],
};

const STATEMENT_MS = 600_000;
/** Whose the dead letters are; they have no model of their own. */
const DEAD_LETTERS = 'dead letters';

/** Lets old data go, once a day; every deletion is an entry of the ledger, made before it. */
export class Retention {
  private dueAt = -Infinity;

  constructor(private readonly terms: KeepTerms) {}

  /** When it is looked again what is old; null before the first time. */
  get nextAt(): Date | null {
    return Number.isFinite(this.dueAt) ? new Date(this.dueAt) : null;
  }

  /** Deletes what is old and not needed. Throws what the store throws: it is tried again within the hour. */
  async tidy(
    stages: Pick<
      Stages,
      | 'clock'
      | 'database'
      | 'incidents'
      | 'ledger'
      | 'legalHolds'
      | 'log'
      | 'references'
      | 'registry'
      | 'replicas'
    >,
  ): Promise<void> {
    const now = stages.clock.now();
    if (now.getTime() < this.dueAt) return;
    this.dueAt = now.getTime() + DAY / 24;
    let all = true;
    for (const registered of stages.registry.models())
      if (stages.replicas.holds(registered.model.key))
        all = (await this.tidied(stages, registered, now)) && all;
    if (stages.replicas.owns(DEAD_LETTERS)) await this.tidyDeadLetters(stages, now);
    if (all) this.dueAt = now.getTime() + DAY;
  }

  /** Of a model whose reference is not what was pinned nothing goes, for what that was made of stays; others go on. False where it has to be looked at again. */
  private async tidied(
    stages: Pick<
      Stages,
      'database' | 'incidents' | 'ledger' | 'legalHolds' | 'log' | 'references' | 'replicas'
    >,
    registered: RegisteredModel,
    now: Date,
  ): Promise<boolean> {
    try {
      await this.tidyModel(stages, registered, now);
      return true;
    } catch (error) {
      if (!(error instanceof UnusableBaseline)) throw error;
      stages.log.warn('nothing old is deleted of a model whose reference cannot be read', { model: registered.model.key, reason: error.message }); // prettier-ignore
      return false;
    }
  }

  private async tidyModel(
    stages: Pick<Stages, 'database' | 'ledger' | 'legalHolds' | 'replicas' | 'references' | 'incidents'>,
    registered: RegisteredModel,
    now: Date,
  ): Promise<void> {
    const { model } = registered;
    const references = registered.baseline === null ? null : await sourcesOf(stages, registered);
    const open = stages.incidents.openOf(model.key).map(({ since, openedAt }) => since ?? openedAt);
    const openSince = open.reduce<Date | null>((a, b) => (a === null || b < a ? b : a), null);
    const held = stages.legalHolds.spansOf(model.key);
    const terms = { keep: this.terms.models, floors: this.terms.floors };
    for (const expired of expiredData({ model, references, openSince, held }, terms, now))
      await deleteExpired(stages, model.key, expired);
  }

  private async tidyDeadLetters(
    stages: Pick<Stages, 'database' | 'ledger' | 'legalHolds' | 'registry'>,
    now: Date,
  ): Promise<void> {
    const before = new Date(now.getTime() - Math.max(this.terms.deadLetters, this.terms.floors.all));
    const where = [
      "received_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')",
      ...heldLetters(stages),
    ].join(' AND ');
    const params = { before: before.getTime() };
    const rows = await countRows(stages.database, 'dead_letters', where, params);
    if (rows === 0) return;
    const rule = `TIDEWATCH_KEEP_DEAD_LETTERS: ${durationText(now.getTime() - before.getTime())}`;
    const tables = { dead_letters: rows };
    const told = { class: 'dead_letters', before: before.toISOString(), rows, tables, rule };
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
  { references }: Pick<Stages, 'references'>,
  registered: RegisteredModel,
): Promise<readonly BaselineSource[]> {
  const found = await Promise.all(eachReference(registered).map(async (held) => references.baselineOf(held)));
  return found.flatMap((baseline) => (baseline ? [baseline.source] : []));
}

/** One entry says what of a class goes, of which tables and by which rule; then the rows go. */
async function deleteExpired(
  stages: Pick<Stages, 'database' | 'ledger' | 'replicas'>,
  model: string,
  expired: Expired,
): Promise<void> {
  const { database, ledger, replicas } = stages;
  const { dataClass, before, rule } = expired;
  const params = { model, before: before.getTime() };
  const found: { readonly table: string; readonly where: string; readonly rows: number }[] = [];
  for (const aged of TABLES[dataClass]) {
    const where = whereOld(aged, expired);
    const rows = await countRows(database, aged.table, where, params);
    if (rows > 0) found.push({ table: aged.table, where, rows });
  }
  if (found.length === 0) return;
  const rows = found.reduce((sum, one) => sum + one.rows, 0);
  const tables = Object.fromEntries(found.map((one) => [one.table, one.rows]));
  await ledger.transact((at) => {
    replicas.demand(model);
    const data = { class: dataClass, before: before.toISOString(), rows, tables, rule };
    return [{ action: 'data.deleted', actor: SYSTEM, at, subject: { type: 'model', id: model }, data }];
  });
  for (const { table, where } of found)
    await database.command(`DELETE FROM ${table} WHERE ${where}`, { params, timeoutMs: STATEMENT_MS });
}

function whereOld({ time, arrival, but, behindMs = 0 }: AgedTable, { except, held }: Expired): string {
  const holds = held.map(({ since, until }) =>
    outside(time, { since, until: behindMs === Infinity ? null : new Date(until.getTime() + behindMs) }),
  );
  const old = "fromUnixTimestamp64Milli({before:Int64}, 'UTC')";
  const kept = except.map((period) => outside(time, period));
  const conditions = ['model = {model:String}', `${time} < ${old}`, `${arrival} < ${old}`, ...kept, ...holds, but];
  return conditions.filter((condition) => typeof condition === 'string').join(' AND ');
} // prettier-ignore

/** That a time does not lie in a period; one that has no end is half the time there is. */
function outside(
  time: string,
  { since, until }: { readonly since: Date; readonly until: Date | null },
): string {
  const instant = (at: Date) => `fromUnixTimestamp64Milli(toInt64(${at.getTime()}), 'UTC')`;
  const end = until === null ? '' : ` AND ${time} < ${instant(until)}`;
  return `NOT (${time} >= ${instant(since)}${end})`;
}

/** Refused events that a hold keeps: those of its model, or of all. What is held by the time of events is held by that of arrival, from its start on. */
function heldLetters({ legalHolds, registry }: Pick<Stages, 'legalHolds' | 'registry'>): readonly string[] {
  const models = ['', ...registry.models().map(({ model }) => model.key)];
  return models.flatMap((model) =>
    legalHolds.spansOf(model).map((span: HeldSpan) => {
      const time = outside('received_at', { since: span.since ?? new Date(0), until: null });
      return `(model != ${literal(model)} OR ${time})`;
    }),
  );
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

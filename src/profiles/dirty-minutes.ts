import { versionPlace } from '../domain/version-place.js';
import { groupBy } from '../domain/group-by.js';
import type { Database } from '../store/database.js';
import { minuteName, minutesWithMore } from './minutes-with-more.js';
import { Repeats } from './repeats.js';

/** Minutes of one model version whose rows or labels changed since they were last summarised. */
export interface DirtyMinutes {
  readonly model: string;
  readonly version: string;
  /** Starts of minutes, epoch seconds, ascending. */
  readonly minutes: readonly number[];
  /** Those of them that got predictions, not only labels. */
  readonly withNewRows: readonly number[];
  /** Those of `minutes` that a start looks at again and that hold no more than was summed of them: they are not summed anew. Absent where there are none. */
  readonly summed?: readonly number[];
  /**
   * Instants, epoch seconds, and how many rows came for each, ascending, by where they came from: a topic's partition, or one process's HTTP endpoint.
   * Rows that are only minutes old are counted by the second, others by the start of their minute.
   */
  readonly sources: Readonly<Record<string, readonly (readonly [instant: number, rows: number])[]>>;
  /** The same of rows that no earlier process was given; absent where that is all of them. */
  readonly unheard?: UnheardRows;
}

/** Minutes with rows that no earlier process was given, and where those came from. */
export interface UnheardRows {
  readonly minutes: DirtyMinutes['withNewRows'];
  readonly sources: DirtyMinutes['sources'];
}

/** The inserts of one table, by the time they carry. */
interface Insert {
  readonly arrived: number;
  readonly events: number;
}

/** The same with its table; 'from' carries the time from which inserts were looked at. */
interface InsertOf extends Insert {
  readonly source: 'from' | 'predictions' | 'labels';
}

/** An insert that was not given out. */
interface Unseen extends Insert {
  readonly key: string;
}

/** What is new of rows, and of labels. */
interface Fresh<Item> {
  readonly rows: readonly Item[];
  readonly truths: readonly Item[];
}

interface TouchedMinute {
  readonly model: string;
  readonly version: string;
  readonly environment: string;
  readonly minute: number;
  /** Absent where only labels are new. Names begin with the instant. */
  readonly sources?: readonly [names: readonly string[], rows: readonly number[]];
}

/**
 * An insert can become visible this much after the time it carries: it carries the time at which it began, and may take as long as writers
 * wait for one (two minutes), by a clock that may be a little off.
 */
const VISIBILITY_MS = 180_000;
/** After a start it looks further back: what was summarised may not have been judged when the process ended. */
const AFTER_START_MS = 900_000;

/** More in one statement would be a text of megabytes, for a first start on a store of years. */
const INSERTS_AT_ONCE = 10_000;

/** From where inserts are looked at. A clock that was set back stamps inserts with times that are over: it is followed back. */
const LOOKED_FROM = 'greatest(0, least({since:Int64}, toUnixTimestamp64Milli(now64(3))) - {reach:Int64})';
const insertsOf = (table: 'predictions' | 'labels') =>
  `SELECT '${table}' AS source, toUnixTimestamp64Milli(ingested_at) AS arrived, count() AS events FROM ${table}
   WHERE ingested_at >= fromUnixTimestamp64Milli(${LOOKED_FROM}, 'UTC') GROUP BY arrived`;
/** One statement, for it is asked every second: where from, and the inserts of both tables since. */
const INSERTS = `SELECT 'from' AS source, toInt64(${LOOKED_FROM}) AS arrived, toUInt64(0) AS events
  UNION ALL ${insertsOf('predictions')} UNION ALL ${insertsOf('labels')}`;

const ARRIVED = `ingested_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND model IN {models:Array(String)}`;
const NEWS = `ingested_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND toUnixTimestamp64Milli(ingested_at) IN {arrived:Array(Int64)}`;
const TOUCHED = 'model, version, environment, toUnixTimestamp(toStartOfMinute(ts)) AS minute';

/** Rows that come within this many minutes of their time count by the second: that is how finely a window can be closed. */
const FRESH_MINUTES = 10;
const INSTANT = `toUnixTimestamp(if(abs(toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(ingested_at)) < ${FRESH_MINUTES * 60_000}, toStartOfSecond(ts), toStartOfMinute(ts)))`;

/** Minutes of event time that new predictions fall into. */
const byPredictions = (
  condition: string,
) => `SELECT ${TOUCHED}, sumMap([concat(toString(${INSTANT}), ' ', topic, '/', toString(partition))], [toUInt64(1)]) AS sources
  FROM predictions WHERE ${condition} GROUP BY model, version, environment, minute`;
const BY_PREDICTIONS = byPredictions(NEWS);
const ROWS_SINCE = byPredictions(ARRIVED);

/** Minutes of the predictions that new labels speak about, however old; a label without its prediction waits in the table. */
const byLabels = (
  condition: string,
) => `SELECT model, version, environment, toUnixTimestamp(minute) AS minute FROM prediction_minutes AS m
  WHERE (model, id) IN (SELECT model, cityHash64(prediction_id) FROM labels WHERE ${condition}) GROUP BY ALL`;
const BY_LABELS = byLabels(NEWS);
const LABELS_SINCE = byLabels(ARRIVED);

const LOAD = `SELECT toInt64(value) AS since FROM progress FINAL WHERE name = 'profiles'`;

/**
 * Finds what is new in the store. An insert is remembered by its time and row count for as long as a slower insert could
 * still show up with an earlier time, so nothing is missed and nothing is done twice. After a restart it goes on from `commit`.
 */
export class DirtyMinuteScan {
  private readonly seen = new Map<string, Insert>();
  private since: number | null = null;
  private committed = 0;
  private readonly repeats: Repeats;

  /** `counts` says whether rows of an environment are the model's; others are stored and nothing more. */
  constructor(
    private readonly database: Database,
    private readonly counts: (model: string, environment: string) => boolean = () => true,
  ) {
    this.repeats = new Repeats(database);
  }

  /** Everything that arrived since the last scan and was not yet given out; the very first scan gives every minute there is. */
  async scan(): Promise<readonly DirtyMinutes[]> {
    const isStart = this.since === null;
    const reach = isStart ? AFTER_START_MS : VISIBILITY_MS;
    this.since ??= this.committed = await this.committedBefore();
    const params = { since: this.since, reach };
    const found = await this.database.query<InsertOf>(INSERTS, { params, timeoutMs: 120_000 });
    const of = (source: InsertOf['source']) => found.filter((one) => one.source === source);
    const fresh = {
      rows: this.unseen('prediction', of('predictions')),
      truths: this.unseen('label', of('labels')),
    };
    const isBefore = ({ arrived }: Unseen) => isStart && arrived <= this.committed;
    const [before, since] = await Promise.all([
      this.touchedBy(fresh, isBefore),
      this.touchedBy(fresh, (one) => !isBefore(one)),
    ]);
    const repeated = await this.repeats.among(fresh.rows);
    const again = repeated.filter(({ model, environment }) => this.counts(model, environment));
    const rows = [...before.rows, ...since.rows, ...again];
    const truths = [...before.truths, ...since.truths];
    const news = [...since.rows, ...since.truths, ...repeated];
    const isSummed = await this.summedBefore([...before.rows, ...before.truths], news);
    // What a statement that failed did not give is still new.
    this.given([...fresh.rows, ...fresh.truths]);
    this.forget(of('from')[0]?.arrived ?? 0);
    const heard = before.rows.length > 0 ? { unheard: [...since.rows, ...again] } : {};
    return grouped(rows, truths, { isSummed, ...heard });
  }

  /** Up to when arrivals were known to be summarised when a process last said so, epoch ms by the store's clock; 0 where none did. */
  async committedBefore(): Promise<number> {
    const [known] = await this.database.query<{ since: number }>(LOAD);
    return known?.since ?? 0;
  }

  /** Up to when arrivals are known to be summarised, epoch ms by the store's clock. */
  get committedTo(): number {
    return this.committed;
  }

  /** Minutes of some models with anything that arrived since an instant, whether it was given out or not. */
  async touchedSince(instant: number, models: readonly string[]): Promise<readonly DirtyMinutes[]> {
    const since = async (sql: string, first: number) => {
      const params = { first, models };
      const found = await this.database.query<TouchedMinute>(sql, { params, timeoutMs: 120_000 });
      return found.filter(({ model, environment }) => this.counts(model, environment));
    };
    const first = Math.max(0, instant - AFTER_START_MS);
    const [rows, truths, unheard] = await Promise.all([
      since(ROWS_SINCE, first),
      since(LABELS_SINCE, first),
      since(ROWS_SINCE, instant + 1),
    ]);
    return grouped(rows, truths, { unheard });
  }

  /** Everything the scans gave out so far is summarised: a restart need not look at it again. */
  async commit(): Promise<void> {
    if (this.since === null) return;
    const done = Math.min(this.since, this.repeats.oldestWaiting ?? this.since);
    if (done === this.committed) return;
    await this.database.insert('progress', [{ name: 'profiles', value: String(done) }]);
    this.committed = done;
  }

  /** An insert that has fewer rows than it had is the same: the store merged what was sent twice. */
  private unseen(kind: 'prediction' | 'label', inserts: readonly Insert[]): readonly Unseen[] {
    const keyed = inserts.map((insert) => ({ ...insert, key: `${kind}\0${insert.arrived}` }));
    for (const { key, arrived, events } of keyed)
      if (events < (this.seen.get(key)?.events ?? 0)) this.seen.set(key, { arrived, events });
    return keyed.filter(({ key, events }) => events > (this.seen.get(key)?.events ?? 0));
  }

  private given(inserts: readonly Unseen[]): void {
    for (const { key, arrived, events } of inserts) {
      this.seen.set(key, { arrived, events });
      this.since = Math.max(this.since ?? 0, arrived);
    }
  }

  /** Minutes that those of the inserts fall into that `which` holds for. */
  private async touchedBy(
    { rows, truths }: Fresh<Unseen>,
    which: (one: Unseen) => boolean,
  ): Promise<Fresh<TouchedMinute>> {
    const [byRows, byTruths] = await Promise.all([
      this.touched(BY_PREDICTIONS, rows.filter(which)),
      this.touched(BY_LABELS, truths.filter(which)),
    ]);
    return { rows: byRows, truths: byTruths };
  }

  private async touched(sql: string, inserts: readonly Unseen[]): Promise<readonly TouchedMinute[]> {
    const found: TouchedMinute[] = [];
    for (let i = 0; i < inserts.length; i += INSERTS_AT_ONCE) {
      const arrived = inserts.slice(i, i + INSERTS_AT_ONCE).map((insert) => insert.arrived);
      const params = { first: arrived.reduce((a, b) => Math.min(a, b)), arrived };
      for (const row of await this.database.query<TouchedMinute>(sql, { params, timeoutMs: 120_000 }))
        if (this.counts(row.model, row.environment)) found.push(row);
    }
    return found;
  }

  /**
   * Which of the minutes that a start looks at again are summed already: those that nothing new fell into, and that hold as many rows and labels as were summed. To sum
   * them again would make what somebody wrote over stored rows part of what is judged.
   */
  private async summedBefore(
    old: readonly TouchedMinute[],
    news: readonly TouchedMinute[],
  ): Promise<(touched: TouchedMinute) => boolean> {
    if (old.length === 0) return () => false;
    const open = await minutesWithMore(this.database, old);
    const changed = new Set([...news, ...open].map(minuteName));
    const summed = new Set(old.map(minuteName).filter((name) => !changed.has(name)));
    return (touched) => summed.has(minuteName(touched));
  }

  private forget(before: number): void {
    for (const [key, { arrived }] of this.seen) if (arrived < before) this.seen.delete(key);
  }
}

const distinct = (touched: readonly TouchedMinute[]) =>
  [...new Set(touched.map(({ minute }) => minute))].sort((a, b) => a - b);

function rowsBySource(touched: readonly TouchedMinute[]): DirtyMinutes['sources'] {
  const counts = new Map<string, Map<number, number>>();
  for (const { sources: [names, rows] = [[], []] } of touched)
    names.forEach((name, i) => {
      const source = name.slice(name.indexOf(' ') + 1);
      const own = counts.get(source) ?? new Map<number, number>();
      counts.set(source, own);
      const instant = Number.parseInt(name, 10);
      own.set(instant, (own.get(instant) ?? 0) + (rows[i] ?? 0));
    });
  return Object.fromEntries([...counts].map(([source, own]) => [source, [...own].sort(([a], [b]) => a - b)]));
}

function summedOf(summed: readonly TouchedMinute[]): Pick<DirtyMinutes, 'summed'> {
  return summed.length === 0 ? {} : { summed: distinct(summed) };
}

function unheardOf(touched: readonly TouchedMinute[]): UnheardRows {
  return { minutes: distinct(touched), sources: rowsBySource(touched) };
}

interface GroupedBy {
  readonly isSummed?: (touched: TouchedMinute) => boolean;
  /** Minutes of rows that no earlier process was given; null where that is all of them. */
  readonly unheard?: readonly TouchedMinute[] | null;
}

function grouped(
  rows: readonly TouchedMinute[],
  truths: readonly TouchedMinute[],
  { isSummed = () => false, unheard = null }: GroupedBy,
): DirtyMinutes[] {
  const place = ({ model, version }: TouchedMinute) => versionPlace(model, version);
  const withNewRows = groupBy(rows, place);
  const fresh = unheard && groupBy(unheard, place);
  return [...groupBy([...rows, ...truths], place)].map(([key, touched]) => ({
    model: touched[0]?.model ?? '',
    version: touched[0]?.version ?? '',
    minutes: distinct(touched),
    withNewRows: distinct(withNewRows.get(key) ?? []),
    ...summedOf(touched.filter(isSummed)),
    sources: rowsBySource(withNewRows.get(key) ?? []),
    ...(fresh ? { unheard: unheardOf(fresh.get(key) ?? []) } : {}),
  }));
}

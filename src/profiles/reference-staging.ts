import { storedFeatureName } from '../domain/feature-name.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { Value } from '../tables/read-cell.js';
import type { TypedRow } from '../tables/read-rows.js';

const COLUMNS = `(version String, ts DateTime64(3, 'UTC'), prediction_id String, num Map(LowCardinality(String), Float64),
  cat Map(LowCardinality(String), LowCardinality(String)), nulls Array(LowCardinality(String)), label LowCardinality(String), score Float64, value Float64,
  scores Map(LowCardinality(String), Float64), segment Map(LowCardinality(String), LowCardinality(String)),
  protected Map(LowCardinality(String), LowCardinality(String)), attributions Map(LowCardinality(String), Float64),
  status LowCardinality(String), latency_ms Float32, labelled UInt8, actual LowCardinality(String), actual_value Float64) ENGINE = MergeTree ORDER BY ts`;

/** Values stored in one statement: enough to be worth it, few enough that writing them does not hold the thread. */
const VALUES_STAGED_AT_ONCE = 100_000;

/** The rows of a reference in the shape of `predictions`, while it is frozen. */
export class ReferenceStaging {
  rows = 0;
  /** Rows left out because their time cannot be read. */
  untimed = 0;
  /** Rows of calls that failed. */
  failed = 0;
  private waiting: object[] = [];
  private truths: object[] = [];
  private labels = 0;

  constructor(
    private readonly database: Database,
    readonly table: string,
    private readonly model: Model,
  ) {}

  async create(): Promise<void> {
    await this.drop();
    await this.database.command(`CREATE TABLE ${this.table} ${COLUMNS}`);
    await this.database.command(
      `CREATE TABLE ${this.table}_truths (prediction_id String, label String, value Float64, at Int64) ENGINE = MergeTree ORDER BY prediction_id`,
    );
  }

  async drop(): Promise<void> {
    for (const suffix of ['', '_truths', '_joined'])
      await this.database.command(`DROP TABLE IF EXISTS ${this.table}${suffix} SYNC`);
  }

  /** Takes rows; those that are only labels wait for the predictions they speak of. `features` names their values. */
  async add(features: readonly string[], rows: readonly TypedRow[], timed: boolean): Promise<void> {
    for (const row of rows) {
      if (isOnlyLabel(row)) this.truths.push(truthOf(row));
      else if (timed && row.ts === null) this.untimed += 1;
      else if (row.model === null || row.model === this.model.key || !row.nested) {
        this.waiting.push(stagedRow(features, row));
        if (row.status !== null && row.status !== 'ok') this.failed += 1;
        else this.rows += 1;
      }
    }
    if ((this.waiting.length + this.truths.length) * (features.length + 10) > VALUES_STAGED_AT_ONCE)
      await this.flush();
  }

  /** Stores what waits, and joins labels that came as events of their own. */
  async end(): Promise<void> {
    await this.flush();
    if (this.labels === 0) return;
    const truths = `SELECT prediction_id, argMax(label, at) AS label, argMax(value, at) AS value, toUInt8(1) AS seen FROM ${this.table}_truths GROUP BY prediction_id`;
    await this.database.command(`CREATE TABLE ${this.table}_joined ${COLUMNS}`);
    await this.database.command(
      `INSERT INTO ${this.table}_joined SELECT p.* REPLACE(l.seen AS labelled, l.label AS actual, if(l.seen = 1, l.value, nan) AS actual_value)
       FROM ${this.table} AS p LEFT ANY JOIN (${truths}) AS l ON p.prediction_id = l.prediction_id`,
      { timeoutMs: 600_000 },
    );
    await this.database.command(`EXCHANGE TABLES ${this.table} AND ${this.table}_joined`);
  }

  remarks(): readonly string[] {
    return [
      ...(this.untimed > 0 ? [`${this.untimed} rows without a time that can be read are left out`] : []),
      ...(this.failed > 0
        ? [`${this.failed} rows of failed calls count for volume and service, and for nothing else`]
        : []),
    ];
  }

  private async flush(): Promise<void> {
    const [rows, truths] = [this.waiting, this.truths];
    [this.waiting, this.truths] = [[], []];
    this.labels += truths.length;
    await this.database.insert(this.table, rows, { timeoutMs: 120_000 });
    await this.database.insert(`${this.table}_truths`, truths, { timeoutMs: 120_000 });
  }
}

function isOnlyLabel({ nested, actual, label, score, value, scores, values }: TypedRow): boolean {
  const says = [label, score, value, scores].some((part) => part !== undefined && part !== null);
  return nested && !says && isThere(actual) && values.every((each) => each === undefined);
}

const isThere = (value: Value): boolean => value !== undefined && value !== null;

function truthOf({ id, actual, ts, number }: TypedRow): object {
  return { prediction_id: id ?? '', label: textOf(actual), value: numberOf(actual), at: ts ?? number };
}

function stagedRow(features: readonly string[], row: TypedRow): object {
  const num: [string, number][] = [];
  const cat: [string, string][] = [];
  const nulls: string[] = [];
  row.values.forEach((value, i) => {
    const name = storedFeatureName(features[i] ?? '');
    if (typeof value === 'number') num.push([name, value]);
    else if (value === null) nulls.push(name);
    else if (value !== undefined) cat.push([name, String(value)]);
  });
  return {
    version: '',
    ts: sqlMillisecond(new Date(row.ts ?? 0)),
    prediction_id: row.id ?? String(row.number),
    num: Object.fromEntries(num),
    cat: Object.fromEntries(cat),
    nulls,
    label: textOf(row.label),
    score: numberOf(row.score),
    value: numberOf(row.value),
    scores: row.scores ?? {},
    segment: Object.fromEntries(row.segment),
    protected: Object.fromEntries(row.protected),
    status: row.status ?? '',
    latency_ms: numberOf(row.latency),
    labelled: isThere(row.actual) ? 1 : 0,
    actual: textOf(row.actual),
    actual_value: numberOf(row.actual),
  };
}

function textOf(value: Value): string {
  return isThere(value) ? String(value) : '';
}

function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

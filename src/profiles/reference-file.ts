import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { literal } from './profile-sql.js';

/** A reference file that cannot be used; the message says what to change. */
export class ReferenceFileError extends Error {
  override readonly name = 'ReferenceFileError';
}

const FORMATS: Readonly<Record<string, string>> = {
  '.parquet': 'Parquet',
  '.csv': 'CSVWithNames',
  '.ndjson': 'JSONEachRow',
  '.jsonl': 'JSONEachRow',
};
/** Columns of a reference file that are not features. */
const RESERVED = [
  'prediction_id',
  'prediction_label',
  'prediction_score',
  'prediction_value',
  'actual_label',
] as const;
const TIMESTAMPS = ['ts', 'timestamp', 'prediction_ts', 'event_time'];

interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** A staged reference: rows of the shape of `predictions` with `labelled`, `actual`, `actual_value` beside. */
export interface StagedReference {
  readonly table: string;
  readonly timed: boolean;
  drop(): Promise<void>;
}

/**
 * Loads a Parquet, CSV or NDJSON file, one column a feature, into a staging table. Columns `prediction_label`, `prediction_score`,
 * `prediction_value` and `actual_label` are outputs and truth; `ts` (or the one named) is event time. The engine reads the file
 * itself, so it must be one the engine can see: in embedded mode any local file.
 */
export async function stageReferenceFile(
  database: Database,
  model: Model,
  file: string,
  timestamp: string | undefined,
): Promise<StagedReference> {
  const path = resolve(file);
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format) throw new ReferenceFileError(`baseline.file "${file}": use .parquet, .csv or .ndjson`);
  if (database.mode === 'server')
    throw new ReferenceFileError(
      'baseline.file: with CLICKHOUSE_URL the server cannot read files of this machine; replay the reference and use baseline: { since, until }',
    );
  if (!existsSync(path))
    throw new ReferenceFileError(`baseline.file "${file}": no such file (looked for ${path})`);
  const from = `file(${literal(path)}, ${literal(format)})`;
  const columns = await database.query<DescribedColumn>(`DESCRIBE TABLE ${from}`);
  const time = timeColumn(columns, timestamp, file);
  const table = `reference_${createHash('sha256').update(`${model.key}\0${path}`).digest('hex').slice(0, 16)}`;
  const drop = () => database.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  await drop();
  await database.command(
    `CREATE TABLE ${table} (version String, ts DateTime64(3, 'UTC'), prediction_id String, num Map(LowCardinality(String), Float64),
       cat Map(LowCardinality(String), LowCardinality(String)), nulls Array(LowCardinality(String)), label LowCardinality(String), score Float64, value Float64,
       scores Map(LowCardinality(String), Float64), protected Map(LowCardinality(String), LowCardinality(String)),
       attributions Map(LowCardinality(String), Float64), labelled UInt8, actual LowCardinality(String), actual_value Float64) ENGINE = MergeTree ORDER BY ts`,
  );
  const insert = `INSERT INTO ${table} SELECT ${stagingColumns(columns, time, model).join(', ')} FROM ${from}`;
  await database.command(insert, { timeoutMs: 600_000 });
  return { table, timed: time !== undefined, drop };
}

function timeColumn(
  columns: readonly DescribedColumn[],
  named: string | undefined,
  file: string,
): string | undefined {
  const names = columns.map((column) => column.name);
  if (named !== undefined && !names.includes(named))
    throw new ReferenceFileError(
      `baseline.timestamp "${named}": ${file} has no such column (it has ${names.join(', ')})`,
    );
  return named ?? TIMESTAMPS.find((name) => names.includes(name));
}

const isNumber = (type: string) => /^(Nullable\()?(U?Int|Float|Decimal)/.test(type);
const quoted = (name: string) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

/** Expressions in the order of the staging table's columns. */
function stagingColumns(
  columns: readonly DescribedColumn[],
  time: string | undefined,
  model: Model,
): string[] {
  const has = (name: string) => columns.some((column) => column.name === name);
  const features = columns.filter(
    (column) => column.name !== time && !(RESERVED as readonly string[]).includes(column.name),
  );
  const numbers = features.filter((column) => isNumber(column.type));
  const texts = features.filter((column) => !isNumber(column.type));
  const number = (name: string) => (has(name) ? `ifNull(toFloat64(${quoted(name)}), nan)` : 'nan');
  const text = (name: string) => (has(name) ? `ifNull(toString(${quoted(name)}), '')` : `''`);
  const map = (keys: readonly DescribedColumn[], cast: (name: string) => string, type: string) =>
    keys.length === 0 ? `CAST(map(), 'Map(String, ${type})')` : mapOf(keys, cast, type);
  return [
    `''`,
    time === undefined ? `toDateTime64(0, 3, 'UTC')` : `toDateTime64(${quoted(time)}, 3, 'UTC')`,
    has('prediction_id') ? `toString(prediction_id)` : `toString(rowNumberInAllBlocks())`,
    map(numbers, (name) => `assumeNotNull(toFloat64(${name}))`, 'Float64'),
    map(texts, (name) => `assumeNotNull(toString(${name}))`, 'String'),
    features.length === 0
      ? `[]`
      : `arrayFilter(name -> name != '', [${features.map((c) => `if(isNull(${quoted(c.name)}), ${literal(c.name)}, '')`).join(', ')}])`,
    text('prediction_label'),
    number('prediction_score'),
    number('prediction_value'),
    `map()`,
    map(
      columns.filter((column) => model.protected.includes(column.name)),
      (name) => `assumeNotNull(toString(${name}))`,
      'String',
    ),
    `map()`,
    has('actual_label') ? `isNotNull(actual_label)` : '0',
    text('actual_label'),
    has('actual_label') ? `ifNull(toFloat64OrNull(toString(actual_label)), nan)` : 'nan',
  ];
}

/** A map of the columns that are not null in the row. */
function mapOf(columns: readonly DescribedColumn[], cast: (name: string) => string, type: string): string {
  const names = columns.map((column) => literal(column.name)).join(', ');
  const values = columns.map((column) => cast(quoted(column.name))).join(', ');
  const there = columns.map((column) => `isNotNull(${quoted(column.name)})`).join(', ');
  const keep = (array: string) => `arrayFilter((x, there) -> there, [${array}], [${there}])`;
  return `CAST((${keep(names)}, ${keep(values)}), 'Map(String, ${type})')`;
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder } from '../config/package-folder.js';
import type { Database } from '../store/database.js';
import { literal } from '../store/sql-text.js';
import { CliError } from './exit.js';

/** One US domestic flight of 2001, as the demo's model sees it. */
export interface Flight {
  readonly id: string;
  /** Scheduled departure, epoch ms. */
  readonly at: number;
  readonly hour: number;
  readonly weekday: string;
  /** Miles. */
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
  /** 15 or more minutes late. */
  readonly late: boolean;
  /** When the truth arrives, epoch ms. */
  readonly knownAt: number;
}

export const FIRST_DAY = Date.UTC(2001, 0, 1);
/** January is the reference; everything after it is predicted. */
export const LIVE_FROM = Date.UTC(2001, 1, 1);
export const LIVE_TO = Date.UTC(2001, 6, 1);
/** One flight in this many is taken, by a hash of its row: the whole three million would take minutes. */
const ONE_IN = 12;
const LATE_MINUTES = 15;

/** The Parquet file inside the npm package vega-datasets (BSD-3-Clause). Throws when the package is not installed. */
export function flightsFile(): string {
  const inside = join('node_modules', 'vega-datasets', 'data', 'flights-3m.parquet');
  for (let folder = packageFolder(); ; folder = dirname(folder)) {
    const file = join(folder, inside);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) break;
  }
  throw new CliError(
    'the demo reads real flights from the npm package vega-datasets, which is not installed: run `npm ci`',
    'no_flights',
  );
}

/**
 * Copies the sample into two tables, ordered by departure and by when the truth arrives: on landing for most flights, two to nine days
 * later for three in a hundred. Does nothing when they are there.
 */
export async function loadFlights(database: Database): Promise<void> {
  const [table] = await database.query<{ n: number }>(
    `SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = 'demo_landings'`,
  );
  if (table && table.n > 0) return;
  const columns = `id String, at DateTime64(3, 'UTC'), hour UInt8, weekday String, distance Float64, origin String, destination String, late UInt8, known_at DateTime64(3, 'UTC')`;
  await database.command(
    `CREATE TABLE IF NOT EXISTS demo_flights (${columns}) ENGINE = MergeTree ORDER BY at`,
  );
  await database.command('TRUNCATE TABLE demo_flights');
  await database.command(
    `INSERT INTO demo_flights SELECT concat('f', toString(row)) AS id, departure AS at, toHour(departure) AS hour,
       ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][toDayOfWeek(departure)] AS weekday, toFloat64(assumeNotNull(distance)) AS distance,
       assumeNotNull(origin) AS origin, assumeNotNull(destination) AS destination, delay >= ${LATE_MINUTES} AS late,
       departure + toIntervalMinute(toInt64(greatest(delay, 0) + distance / 7.5 + 30)) +
         toIntervalHour(if(cityHash64('late', row) % 100 < 3, 48 + cityHash64('by', row) % 168, 0)) AS known_at
     FROM (SELECT rowNumberInAllBlocks() AS row, toDateTime64(assumeNotNull(date), 3, 'UTC') AS departure, assumeNotNull(delay) AS delay, distance, origin, destination
           FROM file(${literal(flightsFile())}, 'Parquet'))
     WHERE cityHash64(row) % ${ONE_IN} = 0 SETTINGS max_threads = 1, input_format_parquet_preserve_order = 1`,
    { timeoutMs: 120_000 },
  );
  await database.command(
    `CREATE TABLE IF NOT EXISTS demo_landings ENGINE = MergeTree ORDER BY known_at AS SELECT * FROM demo_flights`,
    { timeoutMs: 60_000 },
  );
}

interface FlightRow extends Omit<Flight, 'late'> {
  readonly late: number;
}

const COLUMNS = `id, toUnixTimestamp64Milli(t.at) AS at, hour, weekday, distance, origin, destination, late, toUnixTimestamp64Milli(t.known_at) AS knownAt`;

async function read(
  database: Database,
  table: string,
  column: string,
  from: number,
  to: number,
): Promise<Flight[]> {
  const rows = await database.query<FlightRow>(
    `SELECT ${COLUMNS} FROM ${table} AS t WHERE t.${column} >= fromUnixTimestamp64Milli({from:Int64}) AND t.${column} < fromUnixTimestamp64Milli({to:Int64})
     ORDER BY t.${column}, id`,
    { params: { from, to }, timeoutMs: 60_000 },
  );
  return rows.map((row) => ({ ...row, late: row.late === 1 }));
}

/** Flights that depart in `[from, to)`, in order. */
export async function departures(database: Database, from: number, to: number): Promise<Flight[]> {
  return read(database, 'demo_flights', 'at', from, to);
}

/** Flights of the predicted months whose truth arrives in `[from, to)`. */
export async function arrivals(database: Database, from: number, to: number): Promise<Flight[]> {
  return (await read(database, 'demo_landings', 'known_at', from, to)).filter(
    (flight) => flight.at >= LIVE_FROM,
  );
}

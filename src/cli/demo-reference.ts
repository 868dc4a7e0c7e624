import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../store/database.js';
import { literal } from '../store/sql-text.js';
import { APP, DESK } from './demo-faults.js';
import { departures, FIRST_DAY, LIVE_FROM, type Flight } from './demo-flights.js';
import { crossFittedScores, fitDelayModel, type DelayModel } from './demo-model.js';

export const DEMO_MODEL = 'flight-delay';
export const DEMO_VERSION = '2001.02';
export const DEMO_WINDOW_MS = 12 * 3_600_000;

/** The model file of the demo; the reference is the Parquet file beside it. */
export function demoModelFile(reference: string): string {
  return `key: ${DEMO_MODEL}
name: Flight delays
task: binary
positive: late
owner: demo
purpose: tells travellers how likely their flight leaves 15 or more minutes late
window: 12h
features:
  hour: { type: numeric, unit: hour of day }
  weekday: { type: categorical }
  distance: { type: numeric, unit: miles, importance: 0.1 }
  origin: { type: categorical, importance: 0.4 }
  destination: { type: categorical, importance: 0.3 }
  channel: { type: categorical, importance: 0.1 }
segments: [channel]
labels: { expectedWithin: 2d }
costs: { currency: USD, falsePositive: 4, falseNegative: 15 }
accepts: { past: 30d, future: 1h }
baseline: { file: ${JSON.stringify(reference)} }
`;
}

export interface Prepared {
  readonly model: DelayModel;
  readonly reference: string;
}

/** Fits on January, and writes January with cross-fitted scores as the reference file. The same flights give the same file. */
export async function prepareReference(database: Database, directory: string): Promise<Prepared> {
  const january = await departures(database, FIRST_DAY, LIVE_FROM);
  const reference = join(directory, 'january.parquet');
  if (!existsSync(reference)) await writeReference(database, january, reference);
  return { model: fitDelayModel(january), reference };
}

const digits = (some: readonly string[]) => some.map((digit) => `'${digit}'`).join(', ');

async function writeReference(database: Database, january: readonly Flight[], path: string): Promise<void> {
  const scores = crossFittedScores(january);
  await database.command(
    'CREATE OR REPLACE TABLE demo_scores (id String, score Float64) ENGINE = MergeTree ORDER BY id',
  );
  await database.insertColumns('demo_scores', [
    { name: 'id', type: 'Bytes', values: [...scores.keys()].map((id) => Buffer.from(id)) },
    { name: 'score', type: 'Float64', values: Float64Array.from(scores.values()) },
  ]);
  await database.command(
    `INSERT INTO FUNCTION file(${literal(path)}, 'Parquet')
     SELECT at AS ts, id AS prediction_id, hour, weekday, distance, origin, destination,
       multiIf(substring(id, -2, 1) IN (${digits(APP)}), 'app', substring(id, -2, 1) IN (${digits(DESK)}), 'desk', 'web') AS channel, score AS prediction_score,
       if(score >= 0.5, 'late', 'on time') AS prediction_label, if(late = 1, 'late', 'on time') AS actual_label
     FROM demo_flights INNER JOIN demo_scores USING (id) ORDER BY ts`,
    { timeoutMs: 60_000 },
  );
  await database.command('DROP TABLE demo_scores');
}

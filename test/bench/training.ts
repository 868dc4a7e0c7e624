import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Model } from '../../src/domain/model.js';
import { countTrainingRows, paramsOf } from '../../src/pipeline/training-counts.js';
import { stagedPredictions, TrainingLabels } from '../../src/pipeline/training-labels.js';
import { TrainingFiles } from '../../src/pipeline/training-files.js';
import {
  featureNames,
  rowLayoutOf,
  trainingColumns,
  trainingRows,
  type FeatureNames,
} from '../../src/pipeline/training-rows.js';
import type { Database } from '../../src/store/database.js';
import { openTestDatabase } from '../support/database.js';
import type { BenchOptions, BenchReport } from './report.js';

const RUN = '0'.repeat(32);
const MODEL = Model.parse({ key: 'm', task: 'binary', positive: 'bad' });
const PERIOD = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-31T00:00:00.000Z' };
const BLOCK = 250_000;
const NUMBERS = 20;
const WORDS = 5;
/** The manifest of 10 000 000 rows × 25 features: at most so long, and so much more memory. */
const TARGET = { seconds: 60, megabytes: 300, rows: 10_000_000 };

/**
 * What a training learns from: counting rows and labels, and writing them into Parquet files. Another number of rows: `--only 4000000`; how time
 * and memory grow is seen from several runs, each a process of its own.
 */
export async function run({ quick, only }: BenchOptions): Promise<BenchReport> {
  const rows = Number(only[0] ?? (quick ? 1_000_000 : TARGET.rows));
  const test = await openTestDatabase();
  try {
    await fill(test.database, rows);
    await merged(test.database);
    return await measure(test.database, test.directory, rows);
  } finally {
    await test.close();
  }
}

async function measure(database: Database, directory: string, rows: number): Promise<BenchReport> {
  const scope = { model: MODEL, onTrial: [], exclude: [] };
  const plan = { period: PERIOD, exclude: [] };
  const files = new TrainingFiles(database, join(directory, 'training'));
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
  const began = performance.now();
  const cpu = process.cpuUsage();
  const params = paramsOf(MODEL, { from: new Date(PERIOD.from), to: new Date(PERIOD.to) });
  const labels = new TrainingLabels(database);
  await labels.stage(RUN, scope, params);
  const staged = performance.now();
  const peakStaged = peak;
  const madeAt = new Date('2026-03-01T00:00:00Z');
  const counts = await countTrainingRows(database, { scope, plan, madeAt, run: RUN });
  const counted = performance.now();
  const [names] = await database.query<FeatureNames>(featureNames(scope), { params, timeoutMs: 300_000 });
  if (!names) throw new Error('no features');
  const layout = await rowLayoutOf(database, scope, PERIOD);
  const source = { rows: stagedPredictions, layout };
  const sql = trainingRows(scope, trainingColumns(MODEL, names, []), names, source);
  const wanted = counts.slices.map((slice) => ({
    ...slice,
    sql,
    params: { ...paramsOf(MODEL, slice), run: RUN },
  }));
  const written = await files.write(RUN, ['parquet'], wanted);
  await labels.forget(RUN);
  const ended = performance.now();
  clearInterval(watch);
  const used = process.cpuUsage(cpu);
  const cpuSeconds = (used.user + used.system) / 1e6;
  const bytes = written.reduce((sum, file) => sum + file.bytes, 0);
  const found = written.reduce((sum, file) => sum + file.rows, 0);
  if (found !== rows) throw new Error(`${found} rows were written of ${rows}`);
  await rm(join(directory, 'training'), { recursive: true });
  const seconds = (ended - began) / 1000;
  const grown = (peak - before) / 1e6;
  const table = {
    title: `A manifest of ${rows} rows × ${NUMBERS + WORDS} features`,
    columns: ['what', 'value'],
    rows: [
      ['labels in the order of time, s', ((staged - began) / 1000).toFixed(1)],
      ['counting, s', ((counted - staged) / 1000).toFixed(1)],
      ['writing, s', ((ended - counted) / 1000).toFixed(1)],
      ['CPU, s', cpuSeconds.toFixed(1)],
      ['CPU by row, µs', ((cpuSeconds * 1e6) / rows).toFixed(1)],
      ['files', String(written.length)],
      ['Parquet, MB', (bytes / 1e6).toFixed(0)],
      ['memory grown by, MB', grown.toFixed(0)],
      ['of that until labels were there, MB', ((peakStaged - before) / 1e6).toFixed(0)],
    ],
  };
  const allowed = (TARGET.seconds * rows) / TARGET.rows;
  const notes = [
    `target: ${allowed} s and ${TARGET.megabytes} MB; ${seconds <= allowed && grown <= TARGET.megabytes ? 'reached' : 'missed'}`,
  ];
  const numbers = { seconds, cpuSeconds, megabytesGrown: grown, bytes };
  return { bench: 'training', tables: [table], numbers, notes };
}

/** Until the store is at rest: what it merges of rows that came a second ago is no part of a training. */
async function merged(database: Database): Promise<void> {
  const merging = async () => (await database.query('SELECT 1 FROM system.merges LIMIT 1')).length > 0;
  while (await merging()) await wait(500);
}

/** Ids as producers make them: in no order of time. */
const ID = 'lower(hex(sipHash128(number)))';

/** Rows whose features are drawn, each with a label. */
async function fill(database: Database, rows: number): Promise<void> {
  const numbers = Array.from({ length: NUMBERS }, (_, i) => `'f${i}', round(randCanonical(${i}) * 1000, 2)`);
  const words = Array.from({ length: WORDS }, (_, i) => `'c${i}', toString(rand(${i + 50}) % 20)`);
  const month = 30 * 86_400_000;
  for (let at = 0; at < rows; at += BLOCK) {
    const source = `FROM numbers(${at}, ${Math.min(BLOCK, rows - at)})`;
    await database.command(
      `INSERT INTO predictions (model, version, environment, ts, prediction_id, num, cat, label, score, topic, partition, offset)
       SELECT 'm', '1', 'production', toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(intDiv(number * ${month}, ${rows})),
         ${ID}, CAST(map(${numbers.join(', ')}), 'Map(LowCardinality(String), Float64)'),
         CAST(map(${words.join(', ')}), 'Map(LowCardinality(String), LowCardinality(String))'), 'good', randCanonical(99), 't', 0, number ${source}`,
      { timeoutMs: 600_000 },
    );
    await database.command(
      `INSERT INTO labels (model, prediction_id, source, label, value, labelled_at, topic, partition, offset)
       SELECT 'm', ${ID}, '', if(number % 5 = 0, 'bad', 'good'), 0, toDateTime64('2026-02-01 00:00:00', 3, 'UTC'), 'l', 0, number ${source}`,
      { timeoutMs: 600_000 },
    );
  }
}

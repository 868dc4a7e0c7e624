import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventWriter } from '../../src/ingest/event-writer.js';
import { replayFiles, type ReplayOptions } from '../../src/ingest/replay-files.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const clock = { now: () => new Date('2026-11-21T10:00:00Z') };
let db: TestDatabase;
let writer: EventWriter;
let folder: string;

beforeAll(async () => {
  db = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-replay-'));
  const rules = () =>
    [{ key: 'price', task: 'regression', positive: null, pastMs: 86_400_000, futureMs: 60_000 }] as const;
  writer = new EventWriter({
    database: db.database,
    rules,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
  });
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

const replay = async (patterns: readonly string[], more: Partial<ReplayOptions> = {}) =>
  replayFiles({
    database: db.database,
    writer,
    clock,
    patterns: patterns.map((pattern) => join(folder, pattern)),
    format: null,
    kind: null,
    rate: null,
    asOf: new Date('2001-02-01T00:00:00Z'),
    dryRun: false,
    progressFile: null,
    onProgress: () => undefined,
    ...more,
  });
const line = (id: string) =>
  JSON.stringify({
    type: 'prediction',
    prediction_id: id,
    model: 'price',
    ts: '2001-01-31T12:00:00Z',
    features: { a: 1 },
    prediction: { value: 2 },
  });

it('sends NDJSON as of its own time, once however often it is sent, and goes on where it was stopped', async () => {
  await writeFile(join(folder, 'a.ndjson'), [line('a1'), 'broken', line('a2')].join('\n'));
  await writeFile(join(folder, 'b.jsonl.gz'), gzipSync(`${line('b1')}\n`));
  expect(await replay(['*.ndjson', '*.gz'], { dryRun: true })).toMatchObject({
    files: 2,
    events: 4,
    stored: 0,
  });
  const progressFile = join(folder, 'progress.json');
  const stopping = new AbortController();
  const onProgress = () => stopping.abort();
  await expect(
    replay(['*.ndjson', '*.gz'], { progressFile, onProgress, signal: stopping.signal }),
  ).rejects.toThrow(/abort/u);
  const rest = await replay(['*.ndjson', '*.gz'], { progressFile });
  expect(rest).toMatchObject({ events: 2, stored: 2, skipped: 2, filesDone: 2 });
  expect(await replay(['*.ndjson', '*.gz'])).toMatchObject({
    events: 4,
    stored: 3,
    rejected: 1,
    firstRejections: [{ index: 1, code: 'not_json' }],
  });
  const rows = await db.database.query(
    'SELECT DISTINCT prediction_id, topic, toString(offset) AS place FROM predictions ORDER BY prediction_id',
  );
  expect(rows).toEqual([
    { prediction_id: 'a1', topic: 'file:a.ndjson', place: '0' },
    { prediction_id: 'a2', topic: 'file:a.ndjson', place: '2' },
    { prediction_id: 'b1', topic: 'file:b.jsonl.gz', place: '0' },
  ]);
});

it('judges events by now unless told otherwise', async () => {
  expect(await replay(['b.jsonl.gz'], { asOf: null })).toMatchObject({
    stored: 0,
    firstRejections: [{ code: 'timestamp_out_of_range' }],
  });
});

it('reads CSV and Parquet, where a dot in a column is an object', async () => {
  const csv =
    'prediction_id,model,ts,features.size,features.kind,features.gap,prediction.value\nc1,price,2001-01-31T12:00:00Z,4.5,flat,,7\n';
  await writeFile(join(folder, 'c.csv'), csv);
  expect(await replay(['c.csv'], { kind: 'prediction' })).toMatchObject({ stored: 1, firstRejections: [] });
  await db.database.command(
    `INSERT INTO FUNCTION file('${join(folder, 'p.parquet')}', 'Parquet')
     SELECT 'p' || toString(number) AS prediction_id, 'price' AS model, toDateTime64('2001-01-31 12:00:00', 3, 'UTC') AS ts,
       CAST((number / 2, 'flat'), 'Tuple(size Float64, kind String)') AS features, CAST(tuple(number), 'Tuple(value Float64)') AS prediction
     FROM numbers(1000)`,
  );
  expect(await replay(['*.parquet'], { kind: 'prediction' })).toMatchObject({
    stored: 1000,
    firstRejections: [],
  });
  const rows = await db.database.query(
    `SELECT num, cat, nulls, value FROM predictions WHERE prediction_id IN ('c1', 'p999') ORDER BY prediction_id`,
  );
  expect(rows).toEqual([
    { num: { size: 4.5 }, cat: { kind: 'flat' }, nulls: ['gap'], value: 7 },
    { num: { size: 499.5 }, cat: { kind: 'flat' }, nulls: [], value: 999 },
  ]);
});

it('says which file it cannot read', async () => {
  await expect(replay(['nothing.csv'])).rejects.toThrow(/no file .*nothing\.csv/u);
  await writeFile(join(folder, 'events.txt'), '');
  await expect(replay(['events.txt'])).rejects.toThrow(/events\.txt: name the format/u);
});

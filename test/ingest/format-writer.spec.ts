import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RawEvent } from '../../src/domain/event.js';
import { Model } from '../../src/domain/model.js';
import { DeadLetters } from '../../src/ingest/landing/dead-letters.js';
import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import { CloudEventIntake } from '../../src/ingest/http/cloud-event-intake.js';
import { FormatDecoder } from '../../src/ingest/formats/format-decoder.js';
import { FormatWriter } from '../../src/ingest/formats/pairing/format-writer.js';
import { PendingHalves } from '../../src/ingest/formats/pairing/pending-halves.js';
import { SchemaDecoders } from '../../src/ingest/formats/schema-decoders.js';
import { SchemaRegistry } from '../../src/ingest/formats/schema-registry.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { GOLDEN_NOW, goldenCases } from '../support/golden.js';
import { TestSchemaRegistry } from '../support/schema-registry.js';

const WAIT_MS = 60_000;
const DAY = 86_400_000;
const MODEL = Model.parse({
  key: 'credit-default',
  task: 'binary',
  positive: 'bad',
  format: { names: ['credit'], classes: ['good', 'bad'] },
});

let db: TestDatabase;
let registry: TestSchemaRegistry;
let now = GOLDEN_NOW;
let models: readonly Model[] = [MODEL];
const clock = { now: () => new Date(now) };

beforeAll(async () => {
  db = await openTestDatabase();
  registry = await TestSchemaRegistry.start();
});
afterAll(async () => {
  await db.close();
  await registry.stop();
});

/** One process: its own writer and its own memory over the common store. */
function process(limits = { halves: 1000, bytes: 1e8 }) {
  const { database } = db;
  const parts = { clock, log: Log.silent(), metrics: new Metrics(), database };
  const rules = () =>
    models.map(({ key, task, positive }) => ({
      key,
      task,
      positive: positive ?? null,
      pastMs: 90 * DAY,
      futureMs: DAY,
    }));
  const events = new EventWriter({ ...parts, rules });
  const pending = new PendingHalves(limits);
  const schemas = new SchemaDecoders(new SchemaRegistry({ url: registry.url }), clock);
  const decoder = new FormatDecoder({ models: () => models, schemas, pending });
  const writer = new FormatWriter({ ...parts, writer: events, decoder, pending, waitMs: WAIT_MS });
  return {
    writer,
    pending,
    events,
    letters: new DeadLetters(database, writer, clock),
    metrics: parts.metrics,
  };
}

let offset = 0n;
function half(id: string, side: 'request' | 'response', body: unknown): RawEvent {
  const attributes = {
    id,
    specversion: '1.0',
    source: '/',
    type: `org.kubeflow.serving.inference.${side}`,
    inferenceservicename: 'credit',
  };
  return {
    kind: 'prediction',
    topic: 'kserve',
    partition: 1,
    offset: (offset += 1n),
    receivedAt: now,
    value: Buffer.from(JSON.stringify(body)),
    headers: new Map(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, Buffer.from(value)])),
  };
}
const request = (id: string) => half(id, 'request', { instances: [{ age: 1 }] });
const response = (id: string) => half(id, 'response', { predictions: [0.75] });
const stored = async (id: string) =>
  db.database.query<{ num: object; label: string; score: number }>(
    'SELECT num, label, score FROM predictions FINAL WHERE prediction_id = {id:String}',
    { params: { id } },
  );
const STORED = [{ num: { age: 1 }, label: 'bad', score: 0.75 }];

it('the engine takes every row of the golden files', async () => {
  const { events: writer } = process();
  const rows: RawEvent[] = [];
  for (const golden of goldenCases().filter(({ name }) => name !== 'native/untouched')) {
    models = golden.models;
    const server = await TestSchemaRegistry.start(golden.registry);
    const schemas = new SchemaDecoders(new SchemaRegistry({ url: server.url }), clock);
    const decoder = new FormatDecoder({
      models: () => golden.models,
      schemas,
      pending: new PendingHalves({ halves: 9, bytes: 1e6 }),
    });
    decoder.refresh();
    for (const message of golden.messages) rows.push(...(await decoder.decode(message, now)).events);
    await server.stop();
  }
  models = [
    MODEL,
    Model.parse({ key: 'animal', task: 'multiclass' }),
    Model.parse({ key: 'price', task: 'regression' }),
  ];
  // an event says its own kind, except where it came as it is
  const kinds = rows.map((row) => ({ ...row, kind: row.kind ?? ('prediction' as const) }));
  expect(await writer.write(kinds)).toEqual({ stored: rows.length, dead: [] });
  models = [MODEL];
});

it('pairs across writes, and tells which message of a pair was refused', async () => {
  const one = process();
  expect(await one.writer.write([request('a'), half('b', 'request', { instances: [{ age: 2 }] })])).toEqual({
    stored: 2,
    dead: [],
  });
  expect(one.pending.size).toBe(2);
  const report = await one.writer.write([
    response('a'),
    half('c', 'request', { wrong: 1 }),
    response('b'),
    response('c'),
  ]);
  expect(report.stored).toBe(2);
  expect(report.dead.map(({ index, code }) => [index, code])).toEqual([
    [1, 'missing_field'],
    [3, 'missing_field'],
  ]);
  expect(await stored('a')).toEqual(STORED);
  expect(one.pending.size).toBe(0);
});

it('pairs after a crash: a new process takes up what waited', async () => {
  await process().writer.write([request('crash')]);
  const two = process();
  await two.writer.start();
  expect(two.pending.size).toBe(1);
  await two.writer.write([response('crash')]);
  expect(await stored('crash')).toEqual(STORED);
  const three = process();
  await three.writer.start();
  expect(three.pending.size).toBe(0);
  await Promise.all([two.writer.stop(), three.writer.stop()]);
});

it('pairs what two replicas got a side of each, once the time is up', async () => {
  const [one, two] = [process(), process()];
  await one.writer.write([request('split')]);
  await two.writer.write([response('split')]);
  now += WAIT_MS;
  await Promise.all([one.writer.sweep(), two.writer.sweep()]);
  expect(await stored('split')).toEqual(STORED);
  expect(await one.letters.count({})).not.toContainEqual(expect.objectContaining({ code: 'unpaired' }));
});

it('keeps what never pairs as a dead letter, counts it, and still pairs a side that comes late', async () => {
  const one = process();
  await one.writer.write([request('late')]);
  now += WAIT_MS - 1;
  await one.writer.sweep();
  expect(one.pending.size).toBe(1);
  now += 1;
  await one.writer.sweep();
  const [letter] = await one.letters.list({ codes: ['unpaired'] }, { limit: 10 });
  expect(letter).toMatchObject({ topic: 'kserve', partition: 1, offset: String(offset), model: 'credit' });
  expect(letter?.raw.toString()).toBe('{"instances":[{"age":1}]}');
  expect(await one.metrics.text()).toContain('tidewatch_format_unpaired_total{side="request"} 1');
  const two = process();
  await two.writer.start();
  expect(two.pending.size).toBe(0);
  await two.writer.write([response('late')]);
  now += WAIT_MS;
  await two.writer.sweep();
  expect(await stored('late')).toEqual(STORED);
  expect(await one.letters.list({ codes: ['unpaired'] }, { limit: 10 })).toEqual([]);
  await two.writer.stop();
});

it('replays dead letters of both sides into rows', async () => {
  models = [];
  const one = process();
  const { dead } = await one.writer.write([request('again'), response('again')]);
  expect.soft(dead.map(({ code }) => code)).toEqual(['unknown_model', 'unknown_model']);
  models = [MODEL];
  one.events.rulesChanged();
  expect(await one.letters.replay({ codes: ['unknown_model'] })).toEqual({
    sent: 2,
    stored: 2,
    leftOut: 0,
    refused: [],
  });
  expect(await stored('again')).toEqual(STORED);
  expect(await one.letters.list({ codes: ['unknown_model'] }, { limit: 10 })).toEqual([]);
});

it('drops a second delivery of a call that is stored', async () => {
  const [one, two] = [process(), process()];
  const first = request('twice');
  await one.writer.write([first, response('twice')]);
  await two.writer.write([first]);
  now += WAIT_MS;
  await two.writer.sweep();
  expect(await two.letters.list({ codes: ['unpaired'] }, { limit: 10 })).toEqual([]);
  expect(await two.metrics.text()).toContain('tidewatch_format_skipped_total{reason="stored_already"} 1');
});

it('holds no more halves than it may: the oldest is settled before its time', async () => {
  const one = process({ halves: 2, bytes: 1e8 });
  await one.writer.write([request('o-1'), request('o-2'), request('o-3')]);
  await one.writer.sweep();
  expect(one.pending.size).toBe(2);
  expect((await one.letters.list({ codes: ['unpaired'] }, { limit: 10 })).length).toBe(1);
});

it('stores nothing and forgets nothing while the schema registry is away', async () => {
  registry.add({ id: 500, type: 'JSON', schema: '{"type":"object"}' });
  const one = process();
  const event = {
    prediction_id: 'framed',
    model: 'credit-default',
    ts: now,
    features: { age: 1 },
    prediction: { label: 'bad', score: 0.75 },
  };
  const framed = {
    ...request('x'),
    headers: new Map<string, Buffer>(),
    value: Buffer.from(`\0\0\0\u0001\xf4${JSON.stringify(event)}`, 'latin1'),
  };
  registry.fails = 503;
  await one.writer.write([request('waits')]);
  await expect(one.writer.write([response('waits'), framed])).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
    retryable: true,
  });
  expect(await stored('waits')).toEqual([]);
  expect(one.pending.size).toBe(1);
  registry.fails = null;
  expect(await one.writer.write([response('waits'), framed])).toEqual({ stored: 2, dead: [] });
  expect(await stored('framed')).toEqual(STORED);
  expect(await stored('waits')).toEqual(STORED);
});

it('takes the format and the model of a source from who reads it', async () => {
  const one = process();
  const row = {
    databricks_request_id: 'file-1',
    request: '{"dataframe_records":[{"age":1}]}',
    response: '{"predictions":[0.75]}',
  };
  const failed = { databricks_request_id: 'file-2', status_code: 500, request: row.request };
  const events = [row, failed].map((each) => ({
    ...request('x'),
    headers: new Map(),
    value: Buffer.from(JSON.stringify(each)),
  }));
  const report = await one.writer.write(events, { format: 'databricks', model: 'credit' });
  expect(report.dead.map(({ index, code }) => [index, code])).toEqual([[1, 'unpaired']]);
  expect(await stored('file-1')).toEqual(STORED);
});

it('takes CloudEvents over HTTP in binary, structured and batch mode', async () => {
  const one = process();
  const intake = new CloudEventIntake({ writer: one.writer, full: () => false, clock, partition: 9 });
  const send = async (headers: Record<string, string>, body: unknown) =>
    intake.accept({
      headers,
      body: (async function* () {
        yield Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      })(),
    });
  const attributes = (id: string, side: string) => ({
    id,
    specversion: '1.0',
    source: '/',
    type: `org.kubeflow.serving.inference.${side}`,
    inferenceservicename: 'credit',
  });
  const binary = Object.fromEntries(
    Object.entries(attributes('http-1', 'request')).map(([name, value]) => [`ce-${name}`, value]),
  );
  expect(await send(binary, { instances: [{ age: 1 }] })).toEqual({ accepted: 1, rejected: [] });
  const structured = { ...attributes('http-1', 'response'), data: { predictions: [0.75] } };
  expect(await send({ 'content-type': 'application/cloudevents+json' }, structured)).toEqual({
    accepted: 1,
    rejected: [],
  });
  expect(await stored('http-1')).toEqual(STORED);
  const batch = [
    { ...attributes('http-2', 'request'), data: { instances: [{ age: 1 }] } },
    { ...attributes('http-2', 'response'), data: { predictions: [0.75] } },
    { ...attributes('http-3', 'other') },
  ];
  const answer = await send({ 'content-type': 'application/cloudevents-batch+json' }, batch);
  expect(answer.accepted).toBe(2);
  expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([[2, 'undecodable']]);
  expect(await stored('http-2')).toEqual(STORED);
  await expect(send({ 'content-type': 'application/cloudevents-batch+json' }, '[{')).rejects.toMatchObject({
    status: 400,
  });
});

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GOLDEN_NOW, goldenCases, type Golden } from '../support/golden.js';
import { kafkaUnavailable, startBroker, type Broker } from '../support/kafka-broker.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { TestSchemaRegistry } from '../support/schema-registry.js';

const PATIENCE = 120_000;
const MODEL = `key: credit-default
task: binary
positive: bad
format: { names: [credit, a.b], features: [age, income, region], classes: [good, bad] }
`;

interface StoredPrediction {
  readonly id: string;
  readonly num: object;
  readonly cat: object;
  readonly label: string;
  readonly score: number;
}

async function launched(environment: Readonly<Record<string, string>> = {}): Promise<Launched> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-formats-'));
  await mkdir(join(directory, 'models'));
  await writeFile(join(directory, 'models', 'credit-default.yaml'), MODEL);
  return launch({ now: new Date(GOLDEN_NOW), directory, environment });
}

async function stored(app: Launched): Promise<readonly StoredPrediction[]> {
  return app.service.database.query<StoredPrediction>(
    'SELECT prediction_id AS id, num, cat, label, score FROM predictions FINAL ORDER BY id',
  );
}

async function deadLetters(app: Launched): Promise<readonly object[]> {
  const { deadLetters: found } = await app.query<{ deadLetters: { nodes: readonly object[] } }>(
    '{ deadLetters(first: 50) { nodes { topic code message } } }',
  );
  return found.nodes;
}

/** A metric of `/metrics` by its whole name with labels; null when it is not there. */
async function metric(app: Launched, name: string): Promise<number | null> {
  const text = await (
    await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
  ).text();
  const line = text.split('\n').find((each) => each.startsWith(`tidewatch_${name} `));
  return line === undefined ? null : Number(line.split(' ').at(-1));
}

describe('CloudEvents over HTTP', () => {
  let app: Launched;
  beforeAll(async () => {
    app = await launched();
  }, PATIENCE);
  afterAll(async () => app?.close());

  const attributes = (id: string, side: 'request' | 'response') => ({
    specversion: '1.0',
    id,
    source: 'http://localhost:9081/',
    type: `org.kubeflow.serving.inference.${side}`,
    time: '2025-11-21T10:00:00Z',
    inferenceservicename: 'credit',
    namespace: 'prod',
    component: 'predictor',
  });
  const V1 = {
    request: { instances: [[41, 52_000, 'north']] },
    response: { predictions: [0.83] },
  };
  const tensor = (name: string, datatype: string, data: readonly unknown[]) => ({
    name,
    datatype,
    shape: [data.length],
    data,
  });
  const V2 = {
    request: {
      inputs: [
        tensor('age', 'INT64', [30, 31]),
        tensor('income', 'FP64', [1, 2]),
        tensor('region', 'BYTES', ['s', 'e']),
      ],
    },
    response: { outputs: [tensor('label', 'BYTES', ['bad', 'good']), tensor('score', 'FP32', [0.75, 0.1])] },
  };

  async function post(headers: Readonly<Record<string, string>>, body: unknown) {
    const response = await fetch(`${app.url}/v1/cloudevents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }
  const binary = async (id: string, side: 'request' | 'response', body: object) => {
    const named = Object.entries(attributes(id, side)).map(([name, value]) => [`ce-${name}`, value]);
    return post({ 'content-type': 'application/json', ...Object.fromEntries(named) }, body);
  };
  const structured = async (id: string, side: 'request' | 'response', data: object) =>
    post({ 'content-type': 'application/cloudevents+json' }, { ...attributes(id, side), data });

  it('pairs both sides of a call in binary, structured and batch mode, V1 and V2, in any order', async () => {
    const taken = { status: 200, accepted: 1, rejected: [] };
    expect(await binary('b-1', 'request', V1.request)).toEqual(taken);
    expect(await binary('b-1', 'response', V1.response)).toEqual(taken);
    expect(await structured('s-1', 'response', V2.response)).toEqual(taken);
    expect(await structured('s-1', 'request', V2.request)).toEqual(taken);
    const sides = [
      { ...attributes('t-1', 'request'), data: V1.request },
      { ...attributes('t-2', 'response'), data: V2.response },
      { ...attributes('t-2', 'request'), data: V2.request },
    ];
    expect(await post({ 'content-type': 'application/cloudevents-batch+json' }, sides)).toEqual({
      ...taken,
      accepted: 3,
    });
    // its other side comes in another mode
    expect(await binary('t-1', 'response', V1.response)).toEqual(taken);

    const v1 = { num: { age: 41, income: 52_000 }, cat: { region: 'north' }, label: 'bad', score: 0.83 };
    const [first, second] = [
      { num: { age: 30, income: 1 }, cat: { region: 's' }, label: 'bad', score: 0.75 },
      { num: { age: 31, income: 2 }, cat: { region: 'e' }, label: 'good', score: 0.1 },
    ];
    expect(await stored(app)).toEqual([
      { id: 'b-1', ...v1 },
      { id: 's-1/0', ...first },
      { id: 's-1/1', ...second },
      { id: 't-1', ...v1 },
      { id: 't-2/0', ...first },
      { id: 't-2/1', ...second },
    ]);
    expect(await metric(app, 'format_rows_total{format="kserve"}')).toBe(6);
    expect(await metric(app, 'format_waiting_halves')).toBe(0);
  });

  it('counts calls of which one side never came, and takes them when it comes after all', async () => {
    await binary('u-1', 'request', V1.request);
    await structured('u-2', 'response', V2.response);
    expect(await metric(app, 'format_waiting_halves')).toBe(2);
    app.clock.advance(121_000);
    await app.service.formats.writer.sweep();
    expect([
      await metric(app, 'format_unpaired_total{side="request"}'),
      await metric(app, 'format_unpaired_total{side="response"}'),
    ]).toEqual([1, 1]);
    const letters = await deadLetters(app);
    expect(letters).toMatchObject([
      { code: 'unpaired', message: expect.stringContaining('no ') as string },
      { code: 'unpaired', message: expect.stringContaining('no ') as string },
    ]);
    await binary('u-1', 'response', V1.response);
    app.clock.advance(121_000);
    await app.service.formats.writer.sweep();
    expect((await stored(app)).map(({ id }) => id)).toContain('u-1');
    expect(await deadLetters(app)).toHaveLength(1);
  });

  it('answers 200 with the reason for what it cannot take, as KServe asks, and keeps it', async () => {
    const before = (await deadLetters(app)).length;
    await binary('w-1', 'request', V1.request);
    expect(await binary('w-1', 'response', { predictions: ['x'] })).toMatchObject({
      status: 200,
      accepted: 0,
      rejected: [
        {
          index: 0,
          code: 'missing_field',
          message: expect.stringContaining('format.outputs.score') as string,
        },
      ],
    });
    // both sides, so that the call can be read again once somebody knows how
    expect(await deadLetters(app)).toHaveLength(before + 2);
    expect(await post({ 'content-type': 'application/cloudevents-batch+json' }, 'x')).toMatchObject({
      status: 200,
    });
    const unknown = await fetch(`${app.url}/v1/cloudevents`, { method: 'POST', body: '{}' });
    expect(unknown.status).toBe(401);
  });
});

const reason = kafkaUnavailable();

describe.skipIf(reason !== null)(`foreign formats from Kafka ${reason ?? ''}`, () => {
  const WANTED = [
    'kserve/v1-one-row-kafka',
    'seldon/json',
    'seldon/protobuf',
    'confluent/avro',
    'confluent/protobuf',
  ];
  const goldens = goldenCases().filter(({ name }) => WANTED.includes(name));
  const topicOf = ({ name }: Golden, topic: string) => (topic === 't' ? name.replace('/', '-') : topic);
  const groupId = `formats-${randomUUID()}`;
  let app: Launched;
  let broker: Broker;
  let registry: TestSchemaRegistry;

  beforeAll(async () => {
    [broker, registry] = await Promise.all([
      startBroker(),
      TestSchemaRegistry.start(goldens.flatMap((golden) => golden.registry)),
    ]);
    await produceGoldens();
    app = await launched({
      KAFKA_BROKERS: broker.brokers.join(','),
      KAFKA_GROUP_ID: groupId,
      KAFKA_PREDICTIONS_TOPIC: '/(kserve|confluent-.*|(seldon|acme)\\..*)/',
      KAFKA_LABELS_TOPIC: 'labels',
      SCHEMA_REGISTRY_URL: registry.url,
    });
  }, PATIENCE);
  afterAll(async () => {
    await app?.close();
    await registry?.stop();
    await broker?.close();
  }, PATIENCE);

  /** The golden messages, and one that nobody can read. */
  async function produceGoldens(): Promise<void> {
    const sent = goldens.flatMap((golden) =>
      golden.messages.map((message) => ({
        topic: topicOf(golden, message.topic),
        message: {
          value: message.value,
          key: message.key ?? null,
          headers: Object.fromEntries(message.headers ?? []),
          timestamp: String(GOLDEN_NOW),
        },
      })),
    );
    const topics = new Set(sent.map(({ topic }) => topic));
    for (const topic of topics) await broker.createTopic(topic, 2);
    const producer = broker.client().producer();
    await producer.connect();
    for (const { topic, message } of sent) await producer.send({ topic, messages: [message] });
    const poison = { value: '{"half', timestamp: String(GOLDEN_NOW) };
    await producer.send({ topic: 'kserve', messages: [poison] });
    await producer.disconnect();
  }

  it(
    'CloudEvent headers, Seldon topics and Confluent framing become the rows of the golden files',
    { timeout: PATIENCE },
    async () => {
      const expected = goldens.flatMap(({ expected: { events } }) =>
        events.map(({ value }) => value as Record<string, unknown>),
      );
      const rows = new Map(
        expected.map((value) => {
          const { label, score } = value['prediction'] as { label: string; score: number };
          return [value['prediction_id'] as string, { label, score }] as const;
        }),
      );
      await vi.waitFor(
        async () => {
          const found = (await stored(app)).map(({ id, label, score }) => [id, { label, score }] as const);
          expect(new Map(found)).toEqual(rows);
        },
        { timeout: 60_000, interval: 250 },
      );
      // These lie in partitions of their own, which may be read after the others.
      await vi.waitFor(
        async () => expect(await deadLetters(app)).toMatchObject([{ topic: 'kserve', code: 'not_json' }]),
        { timeout: 20_000, interval: 100 },
      );
      await vi.waitFor(
        async () => expect(await metric(app, 'format_skipped_total{reason="seldon_error"}')).toBe(1),
        { timeout: 20_000, interval: 100 },
      );
      // a schema is asked for once, however many messages follow it
      expect(registry.asked.filter((url) => url.startsWith('/schemas/ids/42'))).toHaveLength(1);
    },
  );

  it('lag, events, rejects and rebalances are metrics', { timeout: PATIENCE }, async () => {
    const lags = async () => {
      const found = await app.service.options.metrics.registry.getSingleMetric('tidewatch_kafka_lag')?.get();
      return found?.values.map(({ value }) => value) ?? [];
    };
    await vi.waitFor(async () => expect(Math.max(...(await lags()))).toBe(0), { timeout: 30_000 });
    expect(await metric(app, 'kafka_events_total{topic="kserve"}')).toBe(3);
    expect(await metric(app, 'kafka_rejected_total{code="not_json"}')).toBe(1);
    const before = await metric(app, 'kafka_rebalances_total');
    expect(before).toBeGreaterThanOrEqual(1);
    const other = broker.client().consumer({ groupId });
    await other.connect();
    await other.subscribe({ topics: ['kserve'] });
    await other.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
    await vi.waitFor(
      async () => expect(await metric(app, 'kafka_rebalances_total')).toBeGreaterThan(before ?? 0),
      {
        timeout: 60_000,
        interval: 250,
      },
    );
    await other.disconnect();
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CompressionTypes, type Kafka, type Message } from 'kafkajs';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { BROKER_USER, kafkaUnavailable, startBroker, type Broker } from '../support/kafka-broker.js';
import { labelText, predictionText } from '../support/kafka-chaos.js';
import { startReader, type KafkaReader, type ReaderOptions } from '../support/kafka-reader.js';

const reason = kafkaUnavailable();
const SLOW = 60_000;

describe.skipIf(reason !== null)(`events from Kafka ${reason ?? ''}`, () => {
  let broker: Broker;
  let store: TestDatabase;
  const readers: KafkaReader[] = [];

  beforeAll(async () => {
    [broker, store] = await Promise.all([startBroker(), openTestDatabase()]);
  }, 120_000);

  afterEach(async () => {
    for (const reader of readers.splice(0)) await reader.stop();
  }, SLOW);

  afterAll(async () => {
    await store?.close();
    await broker?.close();
  }, SLOW);

  it('are stored once, whatever a producer compresses them with', { timeout: SLOW }, async () => {
    const topic = name();
    await broker.createTopic(topic, 2);
    // The broker compresses anew what comes in, with the libraries that Java producers use.
    const codecs = ['gzip', 'snappy', 'lz4', 'zstd'];
    for (const codec of codecs) await compressedTopic(broker.client(), `${topic}.${codec}`, codec);
    for (const codec of codecs) await produce(`${topic}.${codec}`, predictions(300));
    await produce(topic, predictions(300), CompressionTypes.None);
    await produce(topic, predictions(300), CompressionTypes.GZIP);
    await read({ predictions: new RegExp(`^${topic}`, 'u') });
    await eventually(async () =>
      expect(await stored(topic)).toEqual({ predictions: 1800, labels: 0, dead: 0 }),
    );
  });

  it(
    'go to the table of their topic, and what cannot be read to dead letters with its place',
    { timeout: SLOW },
    async () => {
      const topic = name();
      await broker.createTopic(topic);
      await broker.createTopic(`${topic}.labels`);
      await produce(topic, [...predictions(2), { value: '{"half' }, { key: 'gone', value: null }]);
      await produce(`${topic}.labels`, [{ value: labelText(`${topic}-1`) }]);
      const reader = await read({ predictions: topic, labels: `${topic}.labels` });
      await eventually(async () =>
        expect(await stored(topic)).toEqual({ predictions: 2, labels: 1, dead: 1 }),
      );
      const dead = await store.database.query(
        'SELECT partition, toString(offset) AS offset, code, raw FROM dead_letters FINAL WHERE topic = {topic:String} ORDER BY offset',
        { params: { topic } },
      );
      expect(dead).toMatchObject([{ partition: 0, offset: '2', code: 'not_json', raw: '{"half' }]);
      await eventually(async () => expect(await reader.metric('kafka_lag')).toBe(0));
      expect(await reader.metric('kafka_rejected_total')).toBe(1);
      // a tombstone is no event
      expect(await reader.metric('kafka_tombstones_total')).toBe(1);
    },
  );

  it('are not read again after an orderly stop', { timeout: SLOW }, async () => {
    const topic = name();
    await broker.createTopic(topic);
    await produce(topic, predictions(50));
    const first = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(50));
    await first.stop();
    await produce(topic, predictions(5));
    const second = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(55));
    await second.stop(); // counted after they were stored: rows can be seen before the count
    expect(await second.metric('kafka_events_total')).toBe(5);
  });

  it('are skipped when they were stored and the commit was lost', { timeout: SLOW }, async () => {
    const topic = name();
    await broker.createTopic(topic);
    await produce(topic, predictions(50));
    const began = Date.now();
    const first = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(50));
    await first.stop();
    await commit(topic, '20', `since=${began}`);
    await produce(topic, predictions(5));
    const second = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(55));
    await second.stop(); // counted after they were stored: rows can be seen before the count
    expect(await second.metric('kafka_skipped_total')).toBe(30);
    expect(await second.metric('kafka_events_total')).toBe(5);
  });

  it('collapse when another tool sends the group back', { timeout: SLOW }, async () => {
    const topic = name();
    await broker.createTopic(topic);
    await produce(topic, predictions(50));
    const first = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(50));
    await first.stop();
    await commit(topic, '0', '');
    const second = await read({ predictions: topic });
    await eventually(async () => expect(await second.metric('kafka_events_total')).toBe(50));
    expect((await stored(topic)).predictions).toBe(50);
  });

  it('of a topic created anew are not mistaken for those of the old one', { timeout: SLOW }, async () => {
    const topic = name();
    await broker.createTopic(topic);
    await produce(topic, predictions(20));
    const reader = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(20));
    await administer(broker.client(), (admin) => admin.deleteTopics({ topics: [topic] }));
    await eventually(() => expect(reader.ingest.status().state).toBe('waiting'));
    await broker.createTopic(topic);
    await produce(topic, predictions(10));
    await eventually(async () => expect((await stored(topic)).predictions).toBe(30));
  });

  it('that retention removed unread are counted', { timeout: SLOW }, async () => {
    const topic = name();
    await broker.createTopic(topic);
    await produce(topic, predictions(20));
    const first = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(20));
    await first.stop();
    await produce(topic, predictions(20));
    await administer(broker.client(), async (admin) => {
      // Loads the topic's metadata, which the deletion needs and does not load.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '35' }] });
    });
    const second = await read({ predictions: topic });
    await eventually(async () => expect((await stored(topic)).predictions).toBe(25));
    await second.stop();
    expect(await second.metric('kafka_expired_total')).toBe(15);
  });

  it(
    'wait for their topic, which is named, and new topics of a pattern are found',
    { timeout: SLOW },
    async () => {
      const topic = name();
      const reader = await read({ predictions: new RegExp(`^${topic}\\.\\d$`, 'u') });
      await eventually(() => {
        const { state, detail } = reader.ingest.status();
        expect(state).toBe('waiting');
        expect(detail).toContain(topic);
      });
      for (const part of [1, 2]) {
        await broker.createTopic(`${topic}.${part}`);
        await produce(`${topic}.${part}`, predictions(10));
        await eventually(async () => expect((await stored(topic)).predictions).toBe(10 * part));
      }
    },
  );

  it('come over SCRAM and PLAIN, and a wrong password is named', { timeout: 120_000 }, async () => {
    const secured = await startBroker('sasl');
    try {
      const topic = name();
      await secured.createTopic(topic);
      const mechanisms = ['scram-sha-256', 'scram-sha-512', 'plain'] as const;
      for (const [i, mechanism] of mechanisms.entries()) {
        await produce(topic, predictions(10), CompressionTypes.None, secured.client());
        const reader = await read(
          { predictions: topic },
          { brokers: secured.brokers, sasl: { mechanism, ...BROKER_USER } },
        );
        await eventually(async () => expect((await stored(topic)).predictions).toBe(10 * (i + 1)));
        await reader.stop();
      }
      const sasl = { mechanism: 'scram-sha-256', ...BROKER_USER, password: 'wrong' } as const;
      const refused = await read({ predictions: topic }, { brokers: secured.brokers, sasl });
      await eventually(() =>
        expect(refused.ingest.status().detail).toContain('Kafka refused the login of tidewatch'),
      );
    } finally {
      for (const reader of readers.splice(0)) await reader.stop();
      await secured.close();
    }
  });

  it('come over TLS', { timeout: 120_000 }, async () => {
    const secured = await startBroker('tls');
    try {
      const topic = name();
      await secured.createTopic(topic);
      await produce(topic, predictions(10), CompressionTypes.None, secured.client());
      await read({ predictions: topic }, { brokers: secured.brokers, ssl: { ca: secured.ca ?? '' } });
      await eventually(async () => expect((await stored(topic)).predictions).toBe(10));
    } finally {
      for (const reader of readers.splice(0)) await reader.stop();
      await secured.close();
    }
  });

  const name = (): string => `t-${randomUUID()}`;

  async function read(
    topics: Pick<ReaderOptions, 'predictions'> & Partial<Pick<ReaderOptions, 'labels'>>,
    connection: Partial<ReaderOptions['connection']> = {},
  ): Promise<KafkaReader> {
    const { predictions, labels = predictions } = topics;
    const groupId = String(predictions);
    const reader = await startReader({
      database: store.database,
      connection: { brokers: broker.brokers, groupId, ...connection },
      predictions,
      labels,
    });
    readers.push(reader);
    return reader;
  }

  function predictions(count: number): Message[] {
    return Array.from({ length: count }, () => ({ value: predictionText(randomUUID()) }));
  }

  async function produce(
    topic: string,
    messages: Message[],
    compression = CompressionTypes.None,
    client: Kafka = broker.client(),
  ): Promise<void> {
    const producer = client.producer();
    await producer.connect();
    await producer.send({ topic, messages, compression });
    await producer.disconnect();
  }

  /** Sets the group's position as another process would. */
  async function commit(topic: string, offset: string, metadata: string): Promise<void> {
    const consumer = broker.client().consumer({ groupId: topic });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: () => Promise.resolve(),
    });
    await joined;
    await consumer.commitOffsets([{ topic, partition: 0, offset, metadata }]);
    await consumer.disconnect();
  }

  async function stored(topic: string): Promise<{ predictions: number; labels: number; dead: number }> {
    const count = async (table: string): Promise<number> => {
      const sql = `SELECT count() AS n FROM ${table} FINAL WHERE startsWith(topic, {topic:String})`;
      return (await store.database.query<{ n: number }>(sql, { params: { topic } }))[0]?.n ?? 0;
    };
    return {
      predictions: await count('predictions'),
      labels: await count('labels'),
      dead: await count('dead_letters'),
    };
  }
});

async function eventually(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 45_000, interval: 100 });
}

async function administer(
  client: Kafka,
  work: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>,
): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  await work(admin);
  await admin.disconnect();
}

async function compressedTopic(client: Kafka, topic: string, codec: string): Promise<void> {
  await administer(client, (admin) =>
    admin.createTopics({
      topics: [
        {
          topic,
          numPartitions: 1,
          replicationFactor: 1,
          configEntries: [{ name: 'compression.type', value: codec }],
        },
      ],
      waitForLeaders: false,
    }),
  );
}

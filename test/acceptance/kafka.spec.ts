import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KafkaIngest } from '../../src/ingest/kafka-ingest.js';
import { KafkajsSource } from '../../src/ingest/kafkajs.source.js';
import { topicRules } from '../../src/ingest/topic-rules.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase } from '../support/database.js';
import { deadLetterWriter } from '../support/dead-letter-writer.js';
import { kafkaUnavailable, startBroker, type Broker } from '../support/kafka-broker.js';

const reason = kafkaUnavailable();

describe.skipIf(reason !== null)(`Kafka ${reason ?? ''}`, () => {
  let broker: Broker;
  let store: Awaited<ReturnType<typeof openTestDatabase>>;
  const running: KafkaIngest[] = [];

  beforeAll(async () => {
    [broker, store] = await Promise.all([startBroker(), openTestDatabase()]);
  }, 120_000);

  afterAll(async () => {
    for (const ingest of running) await ingest.stop();
    await store?.close();
    await broker?.close();
  }, 60_000);

  it('stores', async () => {
    const topic = `t-${randomUUID()}`;
    await broker.createTopic(topic, 3);
    const producer = broker.client().producer();
    await producer.connect();
    const messages = Array.from({ length: 1000 }, (_, i) => ({ value: JSON.stringify({ i }) }));
    await producer.send({ topic, messages });
    const rules = topicRules(topic, `${topic}.labels`);
    const metrics = new Metrics();
    const log = Log.silent();
    const source = new KafkajsSource({
      connection: { brokers: broker.brokers, groupId: topic, topicCheckMs: 500 },
      topics: rules.patterns,
      log,
      metrics,
    });
    const ingest = new KafkaIngest({
      source,
      writer: deadLetterWriter(store.database),
      database: store.database,
      clock: { now: () => new Date() },
      log,
      metrics,
      kindOf: rules.kindOf,
    });
    running.push(ingest);
    await ingest.start();
    await vi.waitFor(async () => expect(await count(topic)).toBe(1000), { timeout: 15_000 });
    await producer.send({ topic, messages });
    await vi.waitFor(async () => expect(await count(topic)).toBe(2000), { timeout: 15_000 });
    await ingest.stop();
    await producer.disconnect();
  });

  async function count(topic: string): Promise<number> {
    const rows = await store.database.query<{ n: number }>(
      'SELECT count() AS n FROM dead_letters WHERE topic = {topic:String}',
      { params: { topic } },
    );
    return rows[0]?.n ?? 0;
  }
});

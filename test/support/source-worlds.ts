import { randomUUID } from 'node:crypto';
import type { EventSource, TopicPartition } from '../../src/ingest/event-source.js';
import { KafkajsSource } from '../../src/ingest/kafkajs.source.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { startBroker } from './kafka-broker.js';
import { MemoryLog } from './memory-source.js';

export interface SentRecord {
  readonly value: string | null;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A log with groups, seen from outside: what the contract of EventSource is tested against. */
export interface SourceWorld {
  /** A new topic's name. */
  topic(partitions: number): Promise<string>;
  send(to: TopicPartition, records: readonly SentRecord[]): Promise<void>;
  source(group: string, topic: string): EventSource;
  /** Where a group goes on; null before its first commit. */
  committed(group: string, of: TopicPartition): Promise<bigint | null>;
  close(): Promise<void>;
}

export async function memoryWorld(): Promise<SourceWorld> {
  const log = new MemoryLog();
  return {
    topic: async (partitions) => {
      const name = randomUUID();
      log.createTopic(name, partitions);
      return name;
    },
    send: async (to, records) => {
      for (const { value, key, headers } of records)
        log.append(to, [value], {
          ...(key === undefined ? {} : { key: Buffer.from(key) }),
          ...(headers
            ? {
                headers: new Map(
                  Object.entries(headers).map(([name, text]) => [name.toLowerCase(), Buffer.from(text)]),
                ),
              }
            : {}),
        });
    },
    source: (group, topic) => log.source(group, [topic]),
    committed: async (group, of) => log.committed(group, of),
    close: async () => undefined,
  };
}

export async function kafkaWorld(): Promise<SourceWorld> {
  const broker = await startBroker();
  const client = broker.client();
  const [producer, admin] = [client.producer(), client.admin()];
  await Promise.all([producer.connect(), admin.connect()]);
  return {
    topic: async (partitions) => {
      const name = randomUUID();
      await broker.createTopic(name, partitions);
      return name;
    },
    send: async ({ topic, partition }, records) => {
      const messages = records.map((record) => ({ ...record, partition }));
      await producer.send({ topic, messages });
    },
    source: (groupId, topic) =>
      new KafkajsSource({
        connection: {
          brokers: broker.brokers,
          groupId,
          sessionTimeoutMs: 6_000,
          heartbeatMs: 300,
          topicCheckMs: 60_000,
        },
        topics: [topic],
        log: Log.silent(),
        metrics: new Metrics(),
      }),
    committed: async (groupId, { topic, partition }) => {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const offset = BigInt(found?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
      return offset < 0n ? null : offset;
    },
    close: async () => {
      await Promise.all([producer.disconnect(), admin.disconnect()]);
      await broker.close();
    },
  };
}

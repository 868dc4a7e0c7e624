import { randomUUID } from 'node:crypto';
import type { EventSource, TopicPartition } from '../../src/ingest/kafka/event-source.js';
import type { KafkaClient } from '../../src/ingest/kafka/kafka-client.js';
import type { KafkaConnection } from '../../src/ingest/kafka/kafka-connection.js';
import { KafkaSource } from '../../src/ingest/kafka/kafka.source.js';
import { KafkajsClient } from '../../src/ingest/kafka/kafkajs.client.js';
import { PlatformaticClient } from '../../src/ingest/kafka/platformatic.client.js';
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
  /** Gives a topic more partitions. */
  grow(topic: string, partitions: number): Promise<void>;
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
    grow: async (topic, partitions) => log.growTopic(topic, partitions),
    source: (group, topic) => log.source(group, [topic]),
    committed: async (group, of) => log.committed(group, of),
    close: async () => undefined,
  };
}

export const kafkajsWorld = async (): Promise<SourceWorld> =>
  kafkaWorld((connection, log) => new KafkajsClient(connection, log));

export const platformaticWorld = async (): Promise<SourceWorld> =>
  kafkaWorld((connection) => new PlatformaticClient(connection));

async function kafkaWorld(
  open: (connection: KafkaConnection, log: Log) => KafkaClient,
): Promise<SourceWorld> {
  const broker = await startBroker();
  const client = broker.client();
  // A producer drops what is for a partition it has not heard of: it asks before every send.
  const [producer, admin] = [client.producer({ metadataMaxAge: 0 }), client.admin()];
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
    grow: async (topic, partitions) => broker.growTopic(topic, partitions),
    source: (groupId, topic) => {
      const connection = {
        brokers: broker.brokers,
        groupId,
        sessionTimeoutMs: 6_000,
        heartbeatMs: 300,
        topicCheckMs: 60_000,
        partitionCheckMs: 300,
      };
      const log = Log.silent();
      const client = open(connection, log);
      return new KafkaSource({ client, connection, topics: [topic], log, metrics: new Metrics() });
    },
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

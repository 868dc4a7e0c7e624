import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import type { KafkaConnection } from '../../src/ingest/kafka/kafka-connection.js';
import { KafkaIngest } from '../../src/ingest/kafka/kafka-ingest.js';
import { KafkaSource } from '../../src/ingest/kafka/kafka.source.js';
import type { TopicPattern } from '../../src/domain/topic-pattern.js';
import { topicRules } from '../../src/ingest/kafka/topic-rules.js';
import type { Database } from '../../src/store/database.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { CHAOS_MODEL } from './kafka-chaos.js';
import { kafkaClient } from './kafka-client.js';

export interface ReaderOptions {
  readonly database: Database;
  readonly connection: Pick<KafkaConnection, 'brokers' | 'groupId'> & Partial<KafkaConnection>;
  readonly predictions: TopicPattern;
  readonly labels: TopicPattern;
}

/** The Kafka path of the service in this process, with its metrics in reach. */
export async function startReader({
  database,
  connection,
  predictions,
  labels,
}: ReaderOptions): Promise<KafkaReader> {
  const log = process.env.CHAOS_LOG ? Log.create('debug', false) : Log.silent();
  const metrics = new Metrics();
  const clock = { now: () => new Date() };
  const rules = topicRules(predictions, labels);
  const reach = { topicCheckMs: 300, ...connection };
  const client = await kafkaClient(reach, log);
  const source = new KafkaSource({ client, connection: reach, topics: rules.patterns, log, metrics });
  const writer = new EventWriter({ database, rules: () => [CHAOS_MODEL], clock, log, metrics });
  const limits = { delayMs: 50 };
  const ingest = new KafkaIngest({
    source,
    writer,
    database,
    clock,
    log,
    metrics,
    kindOf: rules.kindOf,
    limits,
  });
  await ingest.start();
  return new KafkaReader(ingest, metrics);
}

export class KafkaReader {
  constructor(
    readonly ingest: KafkaIngest,
    private readonly metrics: Metrics,
  ) {}

  /** Sum of a metric over its labels. */
  async metric(name: string): Promise<number> {
    const found = await this.metrics.registry.getSingleMetric(`tidewatch_${name}`)?.get();
    return (found?.values ?? []).reduce((sum, { value }) => sum + value, 0);
  }

  async stop(): Promise<void> {
    await this.ingest.stop();
  }
}

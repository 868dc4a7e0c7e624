import kafkajs, { type Kafka, type RetryOptions } from 'kafkajs';
import type { Log } from '../../telemetry/log.js';
import { installCodecs } from './kafka-codecs.js';
import type { ClusterView, KafkaClient, KafkaSession, SessionParts } from './kafka-client.js';
import { kafkaConfig, type KafkaConnection } from './kafka-connection.js';
import { KafkajsSession } from './kafkajs-session.js';
import { withAdmin } from './read-assignment.js';

/** Kafka through kafkajs. */
export class KafkajsClient implements KafkaClient {
  private readonly kafka: Kafka;

  /** `retry`: how long to insist; left out, for about twenty seconds. */
  constructor(
    private readonly connection: KafkaConnection,
    log: Log,
    retry?: RetryOptions,
  ) {
    const config = kafkaConfig(connection, log.of('kafka'));
    this.kafka = new kafkajs.Kafka(retry ? { ...config, retry } : config);
  }

  async prepare(): Promise<void> {
    await installCodecs();
  }

  async look(): Promise<ClusterView> {
    return withAdmin(this.kafka, async (admin) => {
      const topics = await admin.listTopics();
      const { brokers } = await admin.describeCluster();
      return { brokers: brokers.length, topics };
    });
  }

  session(parts: SessionParts): KafkaSession {
    return new KafkajsSession({ ...parts, kafka: this.kafka, connection: this.connection });
  }
}

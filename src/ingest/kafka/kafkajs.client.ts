import kafkajs, { type Kafka, type RetryOptions } from 'kafkajs';
import type { Log } from '../../telemetry/log.js';
import { installCodecs } from './kafka-codecs.js';
import type { ClusterView, KafkaClient, KafkaSession, SessionParts } from './kafka-client.js';
import { kafkaConfig, type KafkaConnection } from './kafka-connection.js';
import { KafkajsSession } from './kafkajs-session.js';
import { withAdmin } from './read-assignment.js';

/** Kafka through kafkajs. */
export class KafkajsClient implements KafkaClient {
  /** `retry`: how long to insist; left out, for about twenty seconds. */
  constructor(
    private readonly connection: KafkaConnection,
    private readonly log: Log,
    private readonly retry?: RetryOptions,
  ) {}

  async prepare(): Promise<void> {
    await installCodecs();
  }

  async look(): Promise<ClusterView> {
    return withAdmin(this.kafka(), async (admin) => {
      const topics = await admin.listTopics();
      const { brokers } = await admin.describeCluster();
      return { brokers: brokers.length, topics };
    });
  }

  session(parts: SessionParts): KafkaSession {
    return new KafkajsSession({ ...parts, kafka: this.kafka(), connection: this.connection });
  }

  /** With the password and the certificates as they are now. */
  private kafka(): Kafka {
    const config = kafkaConfig(this.connection, this.log.of('kafka'));
    return new kafkajs.Kafka(this.retry ? { ...config, retry: this.retry } : config);
  }
}

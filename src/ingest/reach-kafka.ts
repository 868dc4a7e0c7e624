import kafkajs from 'kafkajs';
import type { Config } from '../config/config.js';
import type { Log } from '../telemetry/log.js';
import { kafkaConfig } from './kafka-connection.js';
import { connectionFrom } from './kafka-ingest-from.js';
import { matchesTopic, topicPattern } from '../domain/topic-pattern.js';

export interface KafkaReach {
  readonly brokers: number;
  /** Topics and patterns of the configuration that no topic of the cluster answers to. */
  readonly missing: readonly string[];
}

/** Asks a cluster once who it is and which topics it has. Throws what kafkajs says when it cannot be reached or refuses us. */
export async function reachKafka(config: Config, brokers: readonly string[], log: Log): Promise<KafkaReach> {
  const retry = { retries: 1, initialRetryTime: 300 };
  const admin = new kafkajs.Kafka({ ...kafkaConfig(connectionFrom(config, brokers), log), retry }).admin();
  try {
    await admin.connect();
    const [cluster, topics] = [await admin.describeCluster(), await admin.listTopics()];
    const wanted = [config.KAFKA_PREDICTIONS_TOPIC, config.KAFKA_LABELS_TOPIC];
    const missing = wanted.filter((text) => {
      const pattern = topicPattern(text);
      return !topics.some((topic) => matchesTopic(pattern, topic));
    });
    return { brokers: cluster.brokers.length, missing };
  } finally {
    await admin.disconnect();
  }
}

import type { Config } from '../../config/config.js';
import { matchesTopic, topicPattern } from '../../domain/topic-pattern.js';
import type { Log } from '../../telemetry/log.js';
import { clientFrom } from './kafka-ingest-from.js';

export interface KafkaReach {
  readonly brokers: number;
  /** Topics and patterns of the configuration that no topic of the cluster answers to. */
  readonly missing: readonly string[];
}

/** Asks a cluster once who it is and which topics it has. Throws what the client says when it cannot be reached or refuses us. */
export async function reachKafka(config: Config, brokers: readonly string[], log: Log): Promise<KafkaReach> {
  const client = await clientFrom(config, brokers, log, { retries: 1, initialRetryTime: 300 });
  const { brokers: found, topics } = await client.look();
  const wanted = [config.KAFKA_PREDICTIONS_TOPIC, config.KAFKA_LABELS_TOPIC];
  const missing = wanted.filter((text) => {
    const pattern = topicPattern(text);
    return !topics.some((topic) => matchesTopic(pattern, topic));
  });
  return { brokers: found, missing };
}

import type { Config } from '../config/config.js';
import { KafkaIngest, type KafkaIngestOptions } from './kafka-ingest.js';
import type { KafkaConnection, KafkaTls } from './kafka-connection.js';
import { KafkajsSource } from './kafkajs.source.js';
import { topicPattern } from '../domain/topic-pattern.js';
import { topicRules } from './topic-rules.js';

type Parts = Pick<KafkaIngestOptions, 'writer' | 'database' | 'clock' | 'log' | 'metrics'>;

/** The Kafka consumers that the configuration asks for; null when it names no brokers. */
export function kafkaIngestFrom(config: Config, parts: Parts): KafkaIngest | null {
  if (config.KAFKA_BROKERS === undefined || config.KAFKA_BROKERS.length === 0) return null;
  const rules = topicRules(
    topicPattern(config.KAFKA_PREDICTIONS_TOPIC),
    topicPattern(config.KAFKA_LABELS_TOPIC),
  );
  const { log, metrics } = parts;
  const source = new KafkajsSource({
    connection: connectionFrom(config, config.KAFKA_BROKERS),
    topics: rules.patterns,
    log,
    metrics,
  });
  return new KafkaIngest({ source, ...parts, kindOf: rules.kindOf });
}

/** How the configuration says the cluster is reached. */
export function connectionFrom(config: Config, brokers: readonly string[]): KafkaConnection {
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = config;
  const sasl = mechanism && username && password ? { sasl: { mechanism, username, password } } : {};
  return { brokers, groupId: config.KAFKA_GROUP_ID, ssl: tlsFrom(config), ...sasl };
}

/** Naming a certificate asks for TLS, whatever KAFKA_SSL says. */
function tlsFrom(config: Config): boolean | KafkaTls {
  const { KAFKA_SSL_CA: ca, KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key } = config;
  if (!ca && !cert && !key) return config.KAFKA_SSL;
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
}

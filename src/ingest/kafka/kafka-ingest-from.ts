import type { RetryOptions } from 'kafkajs';
import type { Config } from '../../config/config.js';
import { topicPattern } from '../../domain/topic-pattern.js';
import type { Log } from '../../telemetry/log.js';
import { KafkaIngest, type KafkaIngestOptions } from './kafka-ingest.js';
import type { KafkaClient } from './kafka-client.js';
import type { KafkaConnection, KafkaSasl, KafkaTls } from './kafka-connection.js';
import { KafkaSource } from './kafka.source.js';
import { topicRules } from './topic-rules.js';

type Parts = Pick<KafkaIngestOptions, 'writer' | 'database' | 'clock' | 'log' | 'metrics'>;

/** The Kafka consumers that the configuration asks for; null when it names no brokers. */
export async function kafkaIngestFrom(config: Config, parts: Parts): Promise<KafkaIngest | null> {
  if (config.KAFKA_BROKERS === undefined || config.KAFKA_BROKERS.length === 0) return null;
  const rules = topicRules(
    topicPattern(config.KAFKA_PREDICTIONS_TOPIC),
    topicPattern(config.KAFKA_LABELS_TOPIC),
  );
  const { log, metrics } = parts;
  const connection = connectionFrom(config, config.KAFKA_BROKERS);
  const client = await clientFrom(config, config.KAFKA_BROKERS, log);
  const source = new KafkaSource({ client, connection, topics: rules.patterns, log, metrics });
  return new KafkaIngest({ source, ...parts, kindOf: rules.kindOf });
}

/** The library that KAFKA_CLIENT names; only that one is loaded. `retry` as kafkajs has it, where somebody does not want to wait long. */
export async function clientFrom(
  config: Config,
  brokers: readonly string[],
  log: Log,
  retry?: RetryOptions,
): Promise<KafkaClient> {
  const connection = connectionFrom(config, brokers);
  if (config.KAFKA_CLIENT === 'platformatic') {
    const { PlatformaticClient } = await import('./platformatic.client.js');
    return new PlatformaticClient(connection);
  }
  const { KafkajsClient } = await import('./kafkajs.client.js');
  return new KafkajsClient(connection, log, retry);
}

/** How the configuration says the cluster is reached. Passwords and certificates are looked up at every connect: they may have been rotated. */
function connectionFrom(config: Config, brokers: readonly string[]): KafkaConnection {
  return {
    brokers,
    groupId: config.KAFKA_GROUP_ID,
    get ssl() {
      return tlsFrom(config);
    },
    get sasl() {
      return saslFrom(config);
    },
  };
}

function saslFrom(config: Config): KafkaSasl | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = config;
  const password = config.KAFKA_SASL_PASSWORD;
  return mechanism && username && password ? { mechanism, username, password } : undefined;
}

/** Naming a certificate asks for TLS, whatever KAFKA_SSL says. */
function tlsFrom(config: Config): boolean | KafkaTls {
  const { KAFKA_SSL_CA: ca, KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key } = config;
  if (!ca && !cert && !key) return config.KAFKA_SSL;
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
}

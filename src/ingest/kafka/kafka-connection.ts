import kafkajs, { type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import type { LogFields, Log } from '../../telemetry/log.js';

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** PEM texts. Omit `ca` to trust the system's authorities. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** How to reach a cluster and as whom. Times in milliseconds, sizes in bytes. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly groupId: string;
  readonly clientId?: string;
  readonly sasl?: KafkaSasl | undefined;
  readonly ssl?: boolean | KafkaTls;
  /** After this long without a heartbeat the group gives the partitions to others. */
  readonly sessionTimeoutMs?: number;
  readonly heartbeatMs?: number;
  /** One fetch, as it travels: compressed. Decompressed JSON is up to ten times as large and is all in memory at once. */
  readonly fetchBytes?: number;
  readonly partitionFetchBytes?: number;
  /** How often to look for topics that are missing or newly match a pattern. */
  readonly topicCheckMs?: number;
  /** How often to look for partitions that were added to a topic. */
  readonly partitionCheckMs?: number;
}

/** New partitions are read this soon unless the connection says otherwise. */
export const PARTITION_CHECK_MS = 10_000;

/** The options of kafkajs for a connection; its log lines go to ours. */
export function kafkaConfig(connection: KafkaConnection, log: Log): KafkaConfig {
  const { sasl, ssl } = connection;
  return {
    clientId: connection.clientId ?? 'tidewatch',
    brokers: [...connection.brokers],
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => (entry) => relay(log, entry),
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 5 },
    ...(sasl ? { sasl: { ...sasl } satisfies SASLOptions as SASLOptions } : {}),
    ...(ssl === undefined ? {} : { ssl: typeof ssl === 'boolean' ? ssl : { ...ssl } }),
  };
}

const RELAYED = ['broker', 'groupId', 'topic', 'partition', 'error', 'retryCount'] as const;

/**
 * What kafkajs calls an error heals by reconnecting, so it is a warning here; its warnings and lifecycle are detail. So
 * are refusals of single requests, a rebalance among them: what they lead to is told where it is decided.
 */
function relay(log: Log, entry: LogEntry): void {
  const { message } = entry.log;
  const fields: LogFields = Object.fromEntries(
    RELAYED.filter((name) => entry.log[name] !== undefined).map((name) => [name, entry.log[name] as unknown]),
  );
  if (entry.level === kafkajs.logLevel.ERROR && !message.startsWith('Response '))
    log.warn(`Kafka client: ${message}`, fields);
  else log.debug(`Kafka client: ${message}`, fields);
}

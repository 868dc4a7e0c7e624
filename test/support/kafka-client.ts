import type { KafkaClient } from '../../src/ingest/kafka/kafka-client.js';
import type { KafkaConnection } from '../../src/ingest/kafka/kafka-connection.js';
import { KafkajsClient } from '../../src/ingest/kafka/kafkajs.client.js';
import type { Log } from '../../src/telemetry/log.js';

/** The client that KAFKA_CLIENT names: crash and storm tests run on either. */
export async function kafkaClient(connection: KafkaConnection, log: Log): Promise<KafkaClient> {
  if (process.env.KAFKA_CLIENT !== 'platformatic') return new KafkajsClient(connection, log);
  const { PlatformaticClient } = await import('../../src/ingest/kafka/platformatic.client.js');
  return new PlatformaticClient(connection);
}

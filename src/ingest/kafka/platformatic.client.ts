import type { ClusterView, KafkaClient, KafkaSession, SessionParts } from './kafka-client.js';
import type { KafkaConnection } from './kafka-connection.js';
import { teachCodecs } from './platformatic-codecs.js';
import { PlatformaticSession } from './platformatic-session.js';
import { PlatformaticWires } from './platformatic-wires.js';

const PATIENCE_MS = 10_000;

/** Kafka through @platformatic/kafka: its requests and connections; membership of the group and reading are our own. */
export class PlatformaticClient implements KafkaClient {
  constructor(private readonly connection: KafkaConnection) {}

  async prepare(): Promise<void> {
    await teachCodecs();
  }

  async look(): Promise<ClusterView> {
    const wires = new PlatformaticWires(this.connection, { patienceMs: PATIENCE_MS, retries: 1 });
    try {
      const [{ brokers }, topics] = [await wires.metadata([]), await wires.topics()];
      return { brokers: brokers.size, topics };
    } finally {
      await wires.close();
    }
  }

  session(parts: SessionParts): KafkaSession {
    return new PlatformaticSession({ ...parts, connection: this.connection });
  }
}

import type { Position, SourceHandler } from './event-source.js';
import type { KafkaMetrics } from './kafka-metrics.js';
import type { Log } from '../../telemetry/log.js';

/** What a cluster says of itself. */
export interface ClusterView {
  readonly brokers: number;
  readonly topics: readonly string[];
}

export interface SessionParts {
  readonly handler: SourceHandler;
  /** Numbers that grow over all sessions of the process. */
  readonly nextGeneration: () => number;
  readonly log: Log;
  readonly metrics: KafkaMetrics;
}

/** One life of a member of the group, from joining to leaving or losing it. See EventSource for what each verb means. */
export interface KafkaSession {
  /** Joins the group and reads; resolves or rejects with the reason when the session has ended. */
  run(topics: readonly string[]): Promise<Error>;
  pause(): void;
  commit(positions: readonly Position[]): Promise<void>;
  confirm(generation: number): Promise<boolean>;
  close(): Promise<void>;
}

/** A library that speaks to Kafka. */
export interface KafkaClient {
  /** Throws CodecError when a compression that producers may use cannot be read on this machine. */
  prepare(): Promise<void>;
  /** Asks a cluster once. Throws what the library says when it cannot be reached or refuses us. */
  look(): Promise<ClusterView>;
  session(parts: SessionParts): KafkaSession;
}

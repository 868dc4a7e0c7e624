import type { Clock } from '../../domain/clock.js';
import type { Model } from '../../domain/model.js';
import type { Database } from '../../store/database.js';
import type { Log } from '../../telemetry/log.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { EventWriter } from '../landing/event-writer.js';
import type { LetterBytes } from '../landing/letter-bytes.js';
import { CloudEventIntake, type CloudEventIntakeOptions } from '../http/cloud-event-intake.js';
import { FormatDecoder } from './format-decoder.js';
import { FormatWriter } from './pairing/format-writer.js';
import { PendingHalves } from './pairing/pending-halves.js';
import { SchemaDecoders } from './schema-decoders.js';
import { SchemaRegistry, type SchemaRegistryOptions } from './schema-registry.js';

export interface FormatParts {
  readonly database: Database;
  readonly writer: EventWriter;
  readonly letters: LetterBytes;
  readonly models: () => readonly Model[];
  readonly registry: SchemaRegistryOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** 0 to 65535, drawn at random once a process run: tells positions of CloudEvents of several processes apart. */
  readonly partition: number;
  /** What one request and one sender may bring over HTTP. */
  readonly limits: Pick<CloudEventIntakeOptions, 'jsonEvents' | 'refusedPerHour'>;
}

/** Halves held in memory while they wait; beyond, the oldest are settled from the store. */
const PENDING = { halves: 100_000, bytes: 128 * 2 ** 20 };

/**
 * The format layer over an EventWriter: `writer` takes events of any format (for Kafka, replay and dead letters; call `start`
 * once and `stop` at the end), `cloudEvents` takes CloudEvents over HTTP.
 */
export function formatsFrom(parts: FormatParts): { writer: FormatWriter; cloudEvents: CloudEventIntake } {
  const { clock, partition, models } = parts;
  const log = parts.log.of('formats');
  const pending = new PendingHalves(PENDING);
  const schemas = new SchemaDecoders(new SchemaRegistry(parts.registry), clock);
  const decoder = new FormatDecoder({ models, schemas, pending });
  const writer = new FormatWriter({ ...parts, log, decoder, pending });
  return {
    writer,
    cloudEvents: new CloudEventIntake({
      writer,
      full: () => parts.writer.full,
      clock,
      partition,
      ...parts.limits,
    }),
  };
}

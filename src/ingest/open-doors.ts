import type { Config } from '../config/config.js';
import { proxiesOf } from '../config/proxies.js';
import type { Clock } from '../domain/clock.js';
import type { Model } from '../domain/model.js';
import type { ErasedPersons } from '../records/erased-persons.js';
import type { Residency } from '../registry/residency.js';
import type { Registry } from '../registry/registry.js';
import type { Database } from '../store/database.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { DeadLetters } from './landing/dead-letters.js';
import { ErasedGate } from './landing/erased-gate.js';
import { EventWriter } from './landing/event-writer.js';
import { formatsFrom } from './formats/formats-from.js';
import type { SchemaRegistryOptions } from './formats/schema-registry.js';
import { HttpIngest } from './http/http-ingest.js';
import { httpPartitions } from './http/http-positions.js';
import { LetterBytes } from './landing/letter-bytes.js';
import { kafkaIngestFrom } from './kafka/kafka-ingest-from.js';
import type { KafkaIngest } from './kafka/kafka-ingest.js';
import type { ModelRule } from './landing/model-rule.js';
import { ResidencyGate } from './landing/residency-gate.js';
import { VersionGate } from './landing/version-gate.js';

/** Where events come in. */
export interface Doors {
  readonly writer: EventWriter;
  readonly formats: ReturnType<typeof formatsFrom>;
  readonly http: HttpIngest;
  readonly deadLetters: DeadLetters;
  /** What keeps out rows that may not lie here. */
  readonly keptOut: ResidencyGate;
  /** Null when no brokers are configured. */
  readonly kafka: KafkaIngest | null;
}

export interface DoorParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly registry: Registry;
  readonly erased: ErasedPersons;
  /** Which data has to stay where. */
  readonly residency: Residency;
  /** Of this run of the process; no other has it. */
  readonly identity: string;
}

/** Until when everything that was sent is stored: not what is taken and under way, nor what lies in the log and is not read. */
export function heardUntil(now: Date, { writer, kafka }: Pick<Doors, 'writer' | 'kafka'>): Date {
  const at = now.getTime();
  const instants = [at, writer.pendingSince ?? at, kafka?.readUntil(at) ?? at];
  return new Date(Math.max(Math.min(...instants), 0));
}

/** The doors that the configuration asks for; calls that wait for their other side are taken up again. */
export async function openDoors(parts: DoorParts): Promise<Doors> {
  const { config, clock, log, metrics, database, registry } = parts;
  const models = () => registry.models().map(({ model }) => model);
  const rules = () => models().map(modelRule);
  const limits = {
    jsonEvents: config.TIDEWATCH_REQUEST_EVENTS,
    refusedPerHour: config.TIDEWATCH_DEAD_LETTERS_PER_HOUR,
  };
  const versions = new VersionGate(
    (model) => registry.find(model)?.versions.map(({ version }) => version) ?? null,
    config.TIDEWATCH_NEW_VERSIONS_PER_DAY,
  );
  const letters = new LetterBytes(config.TIDEWATCH_DEAD_LETTER_BYTES_PER_HOUR, clock);
  const shared = { database, clock, metrics, letters };
  const keptOut = new ResidencyGate(parts.residency);
  const writer = new EventWriter({
    ...shared,
    rules,
    log: log.of('ingest'),
    gates: [keptOut, new ErasedGate(parts.erased), versions],
  });
  const common = { ...shared, writer, models, limits };
  const partitions = httpPartitions(parts.identity);
  const formats = formatsFrom({
    ...common,
    log: log.of('formats'),
    registry: registryFrom(config),
    partition: partitions.foreign,
  });
  await formats.writer.start();
  const deadLetters = new DeadLetters(database, formats.writer, clock);
  const stores = { writer, foreign: formats.writer, letters: deadLetters };
  const http = new HttpIngest({ ...stores, clock, partition: partitions.own, limits });
  const kafka = await kafkaIngestFrom(config, { writer: formats.writer, database, clock, log, metrics });
  return { writer, formats, http, deadLetters, keptOut, kafka };
}

function registryFrom(config: Config): SchemaRegistryOptions {
  const { SCHEMA_REGISTRY_URL: url, SCHEMA_REGISTRY_USERNAME: username } = config;
  return {
    url: url ?? null,
    proxies: proxiesOf(config),
    username,
    password: () => config.SCHEMA_REGISTRY_PASSWORD,
  };
}

function modelRule({ key, task, positive, classes, accepts }: Model): ModelRule {
  return { key, task, positive: positive ?? null, classes, pastMs: accepts.past, futureMs: accepts.future };
}

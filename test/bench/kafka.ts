import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import type { RawEvent } from '../../src/domain/event.js';
import type { Assignment } from '../../src/ingest/event-source.js';
import { EventWriter } from '../../src/ingest/event-writer.js';
import { installCodecs } from '../../src/ingest/kafka-codecs.js';
import { KafkaIngest } from '../../src/ingest/kafka-ingest.js';
import { KafkajsSource } from '../../src/ingest/kafkajs.source.js';
import type { Database } from '../../src/store/database.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase } from '../support/database.js';
import { kafkaUnavailable, startBroker, type Broker } from '../support/kafka-broker.js';
import { CHAOS_MODEL } from '../support/kafka-chaos.js';
import type { BenchOptions, BenchReport } from './report.js';

const CODECS = ['uncompressed', 'gzip', 'lz4'] as const;
const PARTITIONS = [1, 8] as const;
const CHUNK = 1_000;
const clock = { now: (): Date => new Date() };

/** Events a second and CPU of this process (engine included, broker not) an event. */
interface Rate {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

/** Kafka to stored, beside the transport alone and the engine alone, in one run: what counts are the ratios. */
export async function run({ quick }: BenchOptions): Promise<BenchReport> {
  const missing = kafkaUnavailable();
  if (missing !== null) throw new Error(`the Kafka benchmark ${missing}`);
  const count = quick ? 60_000 : 400_000;
  const store = await openTestDatabase();
  const broker = await startBroker();
  try {
    return await measure(broker, store.database, count);
  } finally {
    await broker.close();
    await store.close();
  }
}

async function measure(broker: Broker, database: Database, count: number): Promise<BenchReport> {
  await installCodecs();
  const texts = Array.from({ length: CHUNK }, (_, i) => eventText(i));
  const memory = await fromMemory(database, count);
  const numbers: Record<string, number> = {
    memoryPerSecond: memory.perSecond,
    memoryCpuMicros: memory.cpuMicros,
  };
  const rows: string[][] = [];
  for (const partitions of PARTITIONS) {
    for (const codec of CODECS) {
      const topic = `bench-${randomUUID()}`;
      await fill(broker.client(), { topic, codec, partitions, count });
      const raw = await transportOnly(broker.client(), topic, count);
      const stored = await wholePath(broker, database, topic, count);
      const name = `${codec}${partitions}`;
      Object.assign(numbers, {
        [`${name}RawPerSecond`]: raw.perSecond,
        [`${name}StoredPerSecond`]: stored.perSecond,
      });
      Object.assign(numbers, {
        [`${name}RawCpuMicros`]: raw.cpuMicros,
        [`${name}StoredCpuMicros`]: stored.cpuMicros,
      });
      rows.push([
        `${codec}, ${partitions} partition${partitions > 1 ? 's' : ''}`,
        ...text(raw),
        ...text(stored),
        percent(stored.perSecond / raw.perSecond),
        percent(stored.perSecond / memory.perSecond),
      ]);
    }
  }
  const bytes = Math.round(texts.reduce((sum, each) => sum + each.length, 0) / texts.length);
  const columns = ['', 'kafkajs ev/s', 'CPU µs', 'stored ev/s', 'CPU µs', 'of kafkajs', 'of the engine'];
  const notes = [
    `Engine fed from memory: ${text(memory).join(' ev/s, ')} CPU µs an event.`,
    `${count} events of ${bytes} bytes a row; the broker runs on the same machine; CPU is this process with the engine.`,
    `Resident memory in the end: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB.`,
  ];
  return { bench: 'kafka', tables: [{ title: 'Kafka to stored', columns, rows }], numbers, notes };
}

const text = ({ perSecond, cpuMicros }: Rate): readonly string[] => [
  Math.round(perSecond).toLocaleString('en'),
  cpuMicros.toFixed(1),
];
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Starts at the first call of `mark`. */
class Stopwatch {
  private began: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | null = null;

  mark(): void {
    this.began ??= { at: performance.now(), cpu: process.cpuUsage() };
  }

  rate(count: number): Rate {
    if (this.began === null) throw new Error('nothing was measured');
    const { user, system } = process.cpuUsage(this.began.cpu);
    return {
      perSecond: (count / (performance.now() - this.began.at)) * 1000,
      cpuMicros: (user + system) / count,
    };
  }
}

async function fromMemory(database: Database, count: number): Promise<Rate> {
  const writer = newWriter(database, new Metrics());
  const events: RawEvent[] = Array.from({ length: count }, (_, i) => ({
    kind: 'prediction',
    topic: 'memory',
    partition: 0,
    offset: BigInt(i),
    receivedAt: Date.now(),
    value: Buffer.from(eventText(i)),
  }));
  const watch = new Stopwatch();
  watch.mark();
  await writer.write(events);
  return watch.rate(count);
}

/** kafkajs as the service configures it, with a handler that only counts. */
async function transportOnly(client: Kafka, topic: string, count: number): Promise<Rate> {
  const consumer = client.consumer({
    groupId: `${topic}-raw`,
    maxBytes: 16 << 20,
    maxBytesPerPartition: 4 << 20,
    minBytes: 64 << 10,
    maxWaitTimeInMs: 250,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const watch = new Stopwatch();
  consumer.on(consumer.events.GROUP_JOIN, () => watch.mark());
  let seen = 0;
  const rate = await new Promise<Rate>((resolve, reject) => {
    const eachBatch = ({ batch }: { batch: { messages: readonly unknown[] } }): Promise<void> => {
      seen += batch.messages.length;
      if (seen >= count) resolve(watch.rate(count));
      return Promise.resolve();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  });
  await consumer.disconnect();
  return rate;
}

/** The service's path, timed from when it begins to fetch until everything is stored. */
class TimedIngest extends KafkaIngest {
  readonly watch = new Stopwatch();
  override async onAssign(assignment: Assignment): Promise<void> {
    await super.onAssign(assignment);
    this.watch.mark();
  }
}

async function wholePath(broker: Broker, database: Database, topic: string, count: number): Promise<Rate> {
  const metrics = new Metrics();
  const log = Log.silent();
  const source = new KafkajsSource({
    connection: { brokers: broker.brokers, groupId: topic },
    topics: [topic],
    log,
    metrics,
  });
  const writer = newWriter(database, metrics);
  const ingest = new TimedIngest({
    source,
    writer,
    database,
    clock,
    log,
    metrics,
    kindOf: () => 'prediction',
  });
  await ingest.start();
  while ((await storedEvents(metrics)) < count) await wait(10);
  const rate = ingest.watch.rate(count);
  await ingest.stop();
  return rate;
}

async function storedEvents(metrics: Metrics): Promise<number> {
  const metric = await metrics.registry.getSingleMetric('tidewatch_kafka_events_total')?.get();
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}

function newWriter(database: Database, metrics: Metrics): EventWriter {
  return new EventWriter({ database, rules: () => [CHAOS_MODEL], clock, log: Log.silent(), metrics });
}

interface Filling {
  readonly topic: string;
  readonly codec: (typeof CODECS)[number];
  readonly partitions: number;
  readonly count: number;
}

/** The broker compresses what comes in, with the libraries of Java producers. */
async function fill(client: Kafka, { topic, codec, partitions, count }: Filling): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const configEntries = [{ name: 'compression.type', value: codec }];
  await admin.createTopics({
    topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }],
    waitForLeaders: false,
  });
  await admin.disconnect();
  const producer = client.producer();
  await producer.connect();
  for (let from = 0; from < count; from += CHUNK) {
    const partition = (from / CHUNK) % partitions;
    const messages = Array.from({ length: CHUNK }, (_, i) => ({ value: eventText(from + i), partition }));
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
}

/** About 680 bytes: 20 numbers, 5 categories. */
function eventText(i: number): string {
  const features: Record<string, number | string> = {};
  for (let f = 0; f < 20; f += 1)
    features[`numeric_${f}`] = Math.round(((i * 7919 + f * 104_729) % 1_000_003) * 13) / 1000;
  for (let f = 0; f < 5; f += 1) features[`category_${f}`] = `value-${(i + f) % 12}`;
  const score = ((i * 31) % 1000) / 1000;
  return JSON.stringify({
    prediction_id: `bench-${i}`,
    model: CHAOS_MODEL.key,
    model_version: '2026.11',
    ts: new Date().toISOString(),
    features,
    prediction: { label: score > 0.5 ? 'bad' : 'good', score },
  });
}

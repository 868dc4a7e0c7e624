/** One measurement in a process of its own, so that its memory and CPU are its own: `transport`, `stored` or `memory`. */
import { setTimeout as wait } from 'node:timers/promises';
import type { RawEvent } from '../../../src/domain/event.js';
import type { Assignment } from '../../../src/ingest/kafka/event-source.js';
import { EventWriter } from '../../../src/ingest/landing/event-writer.js';
import { installCodecs } from '../../../src/ingest/kafka/kafka-codecs.js';
import { KafkaIngest } from '../../../src/ingest/kafka/kafka-ingest.js';
import { KafkaSource } from '../../../src/ingest/kafka/kafka.source.js';
import type { Database } from '../../../src/store/database.js';
import { Log } from '../../../src/telemetry/log.js';
import { Metrics } from '../../../src/telemetry/metrics.js';
import { Kafka, logLevel } from 'kafkajs';
import { openTestDatabase } from '../../support/database.js';
import { CHAOS_MODEL } from '../../support/kafka-chaos.js';
import { Stopwatch, type Rate } from './stopwatch.js';
import { wideEvent } from './wide-event.js';
import { kafkaClient } from '../../support/kafka-client.js';

/** What the parent asks for. */
export interface Order {
  readonly way: 'transport' | 'stored' | 'memory';
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly count: number;
  readonly large: boolean;
}

const clock = { now: (): Date => new Date() };
const AT_ONCE = 100_000;

/** kafkajs as the service configures it, with a handler that only counts. */
async function transport({ brokers, topic, count }: Order): Promise<Rate> {
  await installCodecs();
  const client = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
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

async function stored({ brokers, topic, count }: Order, database: Database): Promise<Rate> {
  await installCodecs();
  const metrics = new Metrics();
  const log = Log.silent();
  const connection = { brokers: [...brokers], groupId: topic };
  const client = await kafkaClient(connection, log);
  const source = new KafkaSource({ client, connection, topics: [topic], log, metrics });
  const writer = newWriter(database, metrics);
  const kindOf = () => 'prediction' as const;
  const ingest = new TimedIngest({ source, writer, database, clock, log, metrics, kindOf });
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

/** The same bytes again and again, always with new positions: the engine's limit, with no transport before it. */
async function memory({ count, large }: Order, database: Database): Promise<Rate> {
  const writer = newWriter(database, new Metrics());
  const values = Array.from({ length: Math.min(count, AT_ONCE) }, (_, i) =>
    Buffer.from(wideEvent(i, CHAOS_MODEL.key, large)),
  );
  const watch = new Stopwatch();
  watch.mark();
  const parts = Array.from({ length: Math.ceil(count / AT_ONCE) }, async (_, part) =>
    writer.write(events(values.slice(0, Math.min(AT_ONCE, count - part * AT_ONCE)), part)),
  );
  await Promise.all(parts);
  return watch.rate(count);
}

function events(values: readonly Buffer[], part: number): RawEvent[] {
  const receivedAt = Date.now();
  const first = part * AT_ONCE;
  return values.map((value, i) => ({
    kind: 'prediction',
    topic: 'memory',
    partition: 0,
    offset: BigInt(first + i),
    receivedAt,
    value,
  }));
}

function newWriter(database: Database, metrics: Metrics): EventWriter {
  return new EventWriter({ database, rules: () => [CHAOS_MODEL], clock, log: Log.silent(), metrics });
}

async function carryOut(order: Order): Promise<Rate> {
  if (order.way === 'transport') return transport(order);
  const opened = await openTestDatabase();
  const { database } = opened;
  try {
    return await (order.way === 'stored' ? stored(order, database) : memory(order, database));
  } finally {
    await opened.close();
  }
}

process.stdout.write(`${JSON.stringify(await carryOut(JSON.parse(process.argv[2] ?? '{}') as Order))}\n`);

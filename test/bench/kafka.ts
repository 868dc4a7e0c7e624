import { randomUUID } from 'node:crypto';
import { kafkaUnavailable, startBroker, type Broker } from '../support/kafka-broker.js';
import { CHAOS_MODEL } from '../support/kafka-chaos.js';
import type { Order } from './kafka/subject.js';
import type { Rate } from './kafka/stopwatch.js';
import { wideEvent } from './kafka/wide-event.js';
import { inOwnProcess } from './own-process.js';
import { against, type BenchOptions, type BenchReport } from './report.js';

const SUBJECT = new URL('kafka/subject.ts', import.meta.url);
const CODECS = ['uncompressed', 'gzip', 'zstd'] as const;
/** Percent of the engine that is fed from memory, of events of 700 bytes on several partitions. */
const TARGETS = { uncompressed: 75, zstd: 60 } as const;
/** Events of one request: a broker takes a mebibyte. */
const chunkOf = ({ large }: Case): number => (large ? 200 : 1_000);

interface Case {
  readonly codec: (typeof CODECS)[number];
  readonly partitions: number;
  readonly large: boolean;
}

interface Line extends Case {
  readonly transport: Rate;
  readonly stored: Rate;
  readonly memory: Rate;
}

/** Kafka to stored, beside the transport alone and the engine alone, in one run: what counts are the ratios. */
export async function run({ quick, json }: BenchOptions): Promise<BenchReport> {
  const missing = kafkaUnavailable();
  if (missing !== null) throw new Error(`the Kafka benchmark ${missing}`);
  const sizes = quick ? [false] : [false, true];
  const broker = await startBroker();
  const lines: Line[] = [];
  try {
    for (const large of sizes) {
      const count = (quick ? 200_000 : 500_000) / (large ? 5 : 1);
      const memory = await subject({ way: 'memory', brokers: broker.brokers, topic: '', count, large });
      for (const partitions of [8, 1])
        for (const codec of quick && partitions === 1 ? CODECS.slice(0, 1) : CODECS) {
          const line = await measure(broker, { codec, partitions, large }, count, memory);
          lines.push(line);
          if (!json)
            process.stderr.write(`${nameOf(line)}: ${Math.round(line.stored.perSecond)} events/s stored\n`);
        }
    }
  } finally {
    await broker.close();
  }
  return report(lines);
}

async function measure(broker: Broker, chosen: Case, count: number, memory: Rate): Promise<Line> {
  const topic = `bench-${randomUUID()}`;
  await fill(broker, topic, chosen, count);
  const order = { brokers: broker.brokers, topic, count, large: chosen.large };
  const transport = await subject({ ...order, way: 'transport' });
  const stored = await subject({ ...order, way: 'stored' });
  return { ...chosen, transport, stored, memory };
}

async function subject(order: Order): Promise<Rate> {
  const name = `the measurement "${order.way}"`;
  return (await inOwnProcess(
    { name, program: SUBJECT, environment: { UV_THREADPOOL_SIZE: '16' } },
    order,
  )) as Rate;
}

/** The broker compresses what comes in, with the libraries of Java producers. */
async function fill(broker: Broker, topic: string, chosen: Case, count: number): Promise<void> {
  const { codec, partitions, large } = chosen;
  const chunk = chunkOf(chosen);
  const client = broker.client();
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
  for (let from = 0; from < count; from += chunk) {
    const partition = (from / chunk) % partitions;
    const messages = Array.from({ length: Math.min(chunk, count - from) }, (_, i) => ({
      value: wideEvent(from + i, CHAOS_MODEL.key, large),
      partition,
    }));
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
}

const nameOf = ({ codec, partitions, large }: Case): string =>
  `${codec}, ${partitions} partition${partitions > 1 ? 's' : ''}, ${large ? '3 kB' : '700 bytes'}`;
const keyOf = ({ codec, partitions, large }: Case): string => `${codec}${partitions}${large ? 'Large' : ''}`;
const cells = ({ perSecond, cpuMicros }: Rate): readonly string[] => [
  Math.round(perSecond).toLocaleString('en'),
  cpuMicros.toFixed(1),
];
const percent = (share: number): string => `${Math.round(share * 100)} %`;

function report(lines: readonly Line[]): BenchReport {
  const rows = lines.map((line) => [
    nameOf(line),
    ...cells(line.transport),
    ...cells(line.memory),
    ...cells(line.stored),
    percent(line.stored.perSecond / line.memory.perSecond),
    Math.round(line.stored.peakMiB).toLocaleString('en'),
  ]);
  const numbers = lines.flatMap((line): [string, number][] => [
    [`${keyOf(line)}TransportPerSecond`, line.transport.perSecond],
    [`${keyOf(line)}MemoryPerSecond`, line.memory.perSecond],
    [`${keyOf(line)}StoredPerSecond`, line.stored.perSecond],
    [`${keyOf(line)}StoredCpuMicros`, line.stored.cpuMicros],
    [`${keyOf(line)}PeakMiB`, line.stored.peakMiB],
  ]);
  return {
    bench: 'kafka',
    tables: [
      {
        title: 'Kafka to stored',
        columns: [
          '',
          'kafkajs alone ev/s',
          'CPU µs',
          'engine alone ev/s',
          'CPU µs',
          'stored ev/s',
          'CPU µs',
          'of the engine',
          'peak MiB',
        ],
        rows,
      },
    ],
    numbers: Object.fromEntries(numbers),
    notes: [
      ...Object.entries(TARGETS).flatMap(([codec, target]) => {
        const line = lines.find((one) => one.codec === codec && one.partitions > 1 && !one.large);
        const share = line && (100 * line.stored.perSecond) / line.memory.perSecond;
        return share === undefined
          ? []
          : [
              against(
                `Kafka to stored, ${codec}, of the engine from memory`,
                share,
                target,
                'at least',
                ' %',
              ),
            ];
      }),
      'Each measurement is a process of its own; the broker runs beside it on the same cores; CPU and memory are the process with the engine, not the broker.',
    ],
  };
}

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startBroker } from './kafka-broker.js';
import { launch, type Launched } from './launch.js';
import { readInto } from './memory-kafka.js';
import { MemoryLog } from './memory-source.js';
import { GOLDEN_NOW, goldenCases } from './golden.js';
import type { KafkaDoor } from './fuzz-doors.js';

export interface FuzzGround {
  readonly app: Launched;
  readonly kafka: KafkaDoor;
  close(): Promise<void>;
}

const topicsOf = (): readonly string[] => [
  'native',
  ...new Set(goldenCases().flatMap(({ messages }) => messages.map(({ topic }) => topic))),
];

/** Golden models, the first of each key, without the topics they claim: one process has them all. */
async function modelsFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-fuzz-'));
  await mkdir(join(directory, 'models'));
  const models = new Map(
    goldenCases().flatMap((golden) => golden.models.map((model) => [model.key, model] as const)),
  );
  for (const { key, task, positive, format } of models.values()) {
    const file = {
      key,
      task,
      ...(positive ? { positive } : {}),
      ...(format ? { format: { ...format, topic: undefined } } : {}),
    };
    await writeFile(join(directory, 'models', `${key}.yaml`), stringify(JSON.parse(JSON.stringify(file))));
  }
  return directory;
}

const MOST_BYTES = 900_000;
/** Limits on counts would end a fuzz after its first thousand refusals. */
const ENVIRONMENT = { TIDEWATCH_DEAD_LETTERS_PER_HOUR: '1000000000' };

/** The service, fed from a log in memory. */
export async function memoryGround(): Promise<FuzzGround> {
  const app = await launch({
    now: new Date(GOLDEN_NOW),
    directory: await modelsFolder(),
    environment: ENVIRONMENT,
  });
  const log = new MemoryLog(50);
  const topics = topicsOf();
  for (const topic of topics) log.createTopic(topic, 1);
  const reader = await readInto(app, log, topics);
  const kafka: KafkaDoor = {
    send: async (messages) => {
      for (const { topic, value, key, headers, timestamp } of messages)
        log.append({ topic, partition: 0 }, [value], { key, headers, timestamp });
    },
    behind: async () =>
      topics.flatMap((topic) => {
        const [end, at] = [
          log.end({ topic, partition: 0 }),
          log.committed('tidewatch', { topic, partition: 0 }),
        ];
        return end === (at ?? 0n) ? [] : [`${topic}: ${at} of ${end}`];
      }),
    trouble: async () => {
      const failed = await reader.metric('kafka_failures_total');
      const { state, detail } = reader.ingest.status();
      return failed > 0 || state !== 'running' ? `the reader failed ${failed} times: ${state} ${detail}` : '';
    },
  };
  return {
    app,
    kafka,
    close: async () => {
      await reader.ingest.stop(5_000);
      await app.close();
    },
  };
}

/** The service with its own consumer on a real broker. */
export async function brokerGround(): Promise<FuzzGround> {
  const broker = await startBroker();
  const [producer, admin] = [broker.client().producer(), broker.client().admin()];
  await Promise.all([producer.connect(), admin.connect()]);
  const topics = topicsOf();
  for (const topic of topics) await broker.createTopic(topic);
  const group = `fuzz-${randomUUID()}`;
  const app = await launch({
    now: new Date(GOLDEN_NOW),
    directory: await modelsFolder(),
    environment: {
      ...ENVIRONMENT,
      KAFKA_BROKERS: broker.brokers.join(','),
      KAFKA_GROUP_ID: group,
      KAFKA_PREDICTIONS_TOPIC: '/^(?!__).*/',
      KAFKA_LABELS_TOPIC: 'native',
    },
  });
  const kafka: KafkaDoor = {
    send: async (messages) => {
      for (const { topic, value, key, headers, timestamp } of messages) {
        // what is larger than a broker takes never gets to a reader
        if ((value?.length ?? 0) > MOST_BYTES) continue;
        const record = { value, key, headers: Object.fromEntries(headers), timestamp: believable(timestamp) };
        await producer.send({ topic, messages: [{ ...record, partition: 0 }] });
      }
    },
    behind: async () => {
      const commits = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
      const ends = await Promise.all(topics.map(async (topic) => admin.fetchTopicOffsets(topic)));
      return topics.flatMap((topic, i) => {
        const high = ends[i]?.[0]?.high ?? '0';
        const offset = commits.find((each) => each.topic === topic)?.partitions[0]?.offset ?? '-1';
        return high === '0' || offset === high ? [] : [`${topic}: ${offset} of ${high}`];
      });
    },
    trouble: async () => {
      const status = app.service.kafka?.status();
      return status?.state === 'failed' ? `the reader failed: ${status.detail}` : '';
    },
  };
  return {
    app,
    kafka,
    close: async () => {
      await app.close();
      await Promise.all([producer.disconnect(), admin.disconnect()]);
      await broker.close();
    },
  };
}

/** A broker takes no times that are an hour ahead of its own: such claims are for the log in memory. */
function believable(timestamp: number): string {
  return String(Math.min(Math.max(0, timestamp), Date.now()));
}

import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { CompressionTypes, type Admin, type Producer } from 'kafkajs';
import type { ModelRule } from '../../src/ingest/landing/model-rule.js';
import type { Database } from '../../src/store/database.js';
import type { Broker } from './kafka-broker.js';

const CHILD = fileURLToPath(new URL('ingest-process.ts', import.meta.url));
const LOADER = fileURLToPath(new URL('typescript.mjs', import.meta.url));

const DAY_MS = 86_400_000;
export const CHAOS_MODEL: ModelRule = {
  key: 'chaos',
  task: 'binary',
  positive: 'bad',
  pastMs: 90 * DAY_MS,
  futureMs: DAY_MS,
};

export interface IngestProcessOptions {
  readonly brokers: readonly string[];
  /** Prefix of the topics, and the group's name. */
  readonly topic: string;
  /** Of the embedded database; not used with `url`. */
  readonly directory: string;
  readonly migrations: string;
  /** Of a ClickHouse server. */
  readonly url?: string;
}

/** Starts Node somewhere else, e.g. where a disk of its own is mounted. */
export type Launcher = (program: string) => {
  readonly execPath: string;
  readonly execArgv: readonly string[];
};

/** The service's Kafka path in a process of its own. */
export class IngestProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async start(options: IngestProcessOptions, launcher?: Launcher): Promise<IngestProcess> {
    const { execPath, execArgv } = launcher?.(process.execPath) ?? {
      execPath: process.execPath,
      execArgv: [],
    };
    const child = fork(CHILD, [JSON.stringify(options)], {
      execPath,
      execArgv: [...execArgv, '--import', LOADER],
      stdio: ['ignore', 'ignore', process.env.CHAOS_LOG ? 'inherit' : 'ignore', 'ipc'],
    });
    const failed = once(child, 'exit').then(() =>
      Promise.reject(new Error('the ingest process did not start')),
    );
    await Promise.race([once(child, 'message'), failed]);
    failed.catch(() => undefined);
    return new IngestProcess(child);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }

  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }
}

/** Sends predictions, labels, poison and repeats, a few hundred at a time, until it is stopped; counts what it sent. */
export class Load {
  readonly topic = `chaos-${randomUUID()}`;
  predictions = 0;
  labels = 0;
  poison = 0;
  /** Records on the topics, repeats included. */
  records = 0;
  private sequence = 0;
  private stopped = false;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly broker: Broker,
    private readonly producer: Producer,
    private readonly random: () => number,
  ) {}

  static async open(broker: Broker, random: () => number): Promise<Load> {
    const producer = broker.client().producer();
    await producer.connect();
    const load = new Load(broker, producer, random);
    await broker.createTopic(`${load.topic}.predictions`, 4);
    await broker.createTopic(`${load.topic}.labels`, 2);
    return load;
  }

  /** About `perSecond` events a second until `stop`. */
  begin(perSecond: number): void {
    this.sending = (async () => {
      while (!this.stopped) {
        await this.send(Math.ceil(perSecond / 20));
        await wait(50);
      }
    })();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.sending;
    await this.producer.disconnect();
  }

  /** One round: predictions, of which some are sent twice and some cannot be read, and a label for every third. */
  async send(count: number): Promise<void> {
    const predictions: string[] = [];
    const labels: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const id = `${this.topic}-p${this.sequence++}`;
      if (this.random() < 0.02) {
        predictions.push(`{"prediction_id":"${id}", broken`);
        this.poison += 1;
        continue;
      }
      const event = predictionText(id);
      predictions.push(event);
      this.predictions += 1;
      if (this.random() < 0.02) predictions.push(event);
      if (i % 3 === 0) {
        labels.push(labelText(id));
        this.labels += 1;
      }
    }
    this.records += predictions.length + labels.length;
    const compression = this.random() < 0.5 ? CompressionTypes.GZIP : CompressionTypes.None;
    const messages = (texts: readonly string[]): { key: string; value: string }[] =>
      texts.map((value) => ({ key: /chaos-[^"]+/u.exec(value)?.[0] ?? '', value }));
    await this.producer.sendBatch({
      compression,
      topicMessages: [
        { topic: `${this.topic}.predictions`, messages: messages(predictions) },
        { topic: `${this.topic}.labels`, messages: messages(labels) },
      ],
    });
  }

  /** Resolves when the group has committed everything on the topics; throws when it does not get on for `stalledMs`. */
  async consumed(stalledMs: number): Promise<void> {
    const admin = this.broker.client().admin();
    await admin.connect();
    const topics = [`${this.topic}.predictions`, `${this.topic}.labels`];
    let [last, since] = ['', Date.now()];
    try {
      for (;;) {
        // a broker that has just come back loads its groups first
        const behind = await this.behind(admin, topics).catch((error: unknown) => [String(error)]);
        if (behind.length === 0) return;
        const now = JSON.stringify(behind);
        if (now !== last) [last, since] = [now, Date.now()];
        if (Date.now() - since > stalledMs) throw new Error(`reading stands still: ${now}`);
        await wait(200);
      }
    } finally {
      await admin.disconnect();
    }
  }

  /** True when the group commits nothing for so long, although more is sent. */
  async standsStill(forMs: number): Promise<boolean> {
    const admin = this.broker.client().admin();
    await admin.connect();
    const topics = [`${this.topic}.predictions`, `${this.topic}.labels`];
    const committed = async () => JSON.stringify(await admin.fetchOffsets({ groupId: this.topic, topics }));
    try {
      const before = await committed();
      await wait(forMs);
      return before === (await committed());
    } finally {
      await admin.disconnect();
    }
  }

  /** Partitions whose commit is not their end. */
  private async behind(admin: Admin, topics: string[]): Promise<readonly unknown[]> {
    const commits = await admin.fetchOffsets({ groupId: this.topic, topics });
    const ends = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
    return commits.flatMap(({ topic, partitions }, i) =>
      partitions.flatMap(({ partition, offset }) => {
        const high = ends[i]?.find((end) => end.partition === partition)?.high;
        return offset === high ? [] : [{ topic, partition, offset, high }];
      }),
    );
  }

  /** What must be in the tables in the end. */
  get expected(): Tally {
    const { predictions, labels, poison } = this;
    return { predictions, labels, deadLetters: poison, distinct: predictions + labels + poison };
  }
}

export interface Tally {
  readonly predictions: number;
  readonly labels: number;
  /** Different ones: what a producer sent twice because the broker did not answer is twice on the topic. */
  readonly deadLetters: number;
  /** Different events over all tables: less than the sum when one is in two of them. */
  readonly distinct: number;
}

/** What the tables hold of the load's topics, after collapsing. */
export async function tally(database: Database, topic: string): Promise<Tally> {
  const rows = await database.query<Tally>(
    `SELECT countIf(t = 'p') AS predictions, countIf(t = 'l') AS labels, uniqExactIf(id, t = 'd') AS deadLetters, uniqExact(id) AS distinct
     FROM (
       SELECT 'p' AS t, concat('prediction ', prediction_id) AS id FROM predictions FINAL WHERE startsWith(topic, {topic:String})
       UNION ALL
       SELECT 'l' AS t, concat('label ', prediction_id) AS id FROM labels FINAL WHERE startsWith(topic, {topic:String})
       UNION ALL
       SELECT 'd' AS t, concat('prediction ', extract(raw, 'chaos-[^"]+')) AS id FROM dead_letters FINAL WHERE startsWith(topic, {topic:String})
     )`,
    { params: { topic } },
  );
  const row = rows[0];
  if (!row) throw new Error('the tally came back empty');
  return row;
}

export function predictionText(id: string): string {
  // summaries of events that are all alike could not be wrong
  const odd = Buffer.from(id).reduce((sum, byte) => (sum * 31 + byte) % 9_973, 7);
  const features = {
    age: 18 + (odd % 50),
    income: 48_000.5 + odd,
    region: ['north', 'south', 'east'][odd % 3],
  };
  const prediction = { label: odd % 5 === 0 ? 'bad' : 'good', score: (odd % 100) / 100 };
  return JSON.stringify({
    type: 'prediction',
    prediction_id: id,
    model: 'chaos',
    ts: new Date().toISOString(),
    features,
    prediction,
  });
}

export function labelText(id: string): string {
  return JSON.stringify({
    type: 'label',
    prediction_id: id,
    model: 'chaos',
    ts: new Date().toISOString(),
    label: 'bad',
  });
}

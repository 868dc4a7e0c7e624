import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RawEvent } from '../../src/domain/event.js';
import { EventWriter, type WriteReport } from '../../src/ingest/landing/event-writer.js';
import type { FlushLimits } from '../../src/ingest/kafka/intake.js';
import { KafkaIngest } from '../../src/ingest/kafka/kafka-ingest.js';
import type { Database, QueryOptions } from '../../src/store/database.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { CHAOS_MODEL, predictionText } from '../support/kafka-chaos.js';
import { seeded } from '../support/random.js';
import { MemoryLog, type MemorySource } from '../support/memory-source.js';

const clock = { now: () => new Date() };
let db: TestDatabase;
let events: EventWriter;
let log: MemoryLog;
let topic: string;
const running: KafkaIngest[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
  const rules = () => [CHAOS_MODEL];
  events = new EventWriter({
    database: db.database,
    rules,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
  });
});
beforeEach(() => {
  [log, topic] = [new MemoryLog(), `t-${randomUUID()}`];
});
afterEach(async () => {
  for (const ingest of running.splice(0)) await ingest.stop(1_000);
});
afterAll(async () => db.close());

type Write = (events: readonly RawEvent[]) => Promise<WriteReport>;

interface Reader {
  readonly ingest: KafkaIngest;
  readonly source: MemorySource;
  readonly metric: (name: string) => Promise<number>;
}

async function read(
  write: Write,
  limits: Partial<FlushLimits> = {},
  database: Database = db.database,
): Promise<Reader> {
  const metrics = new Metrics();
  const source = log.source(topic, [topic]);
  const ingest = new KafkaIngest({
    source,
    writer: { write },
    database,
    clock,
    log: Log.silent(),
    metrics,
    kindOf: () => 'prediction',
    limits: { delayMs: 5, ...limits },
  });
  running.push(ingest);
  await ingest.start();
  const metric = async (name: string) => {
    const found = await metrics.registry.getSingleMetric(`tidewatch_${name}`)?.get();
    return (found?.values ?? []).reduce((sum, { value }) => sum + value, 0);
  };
  return { ingest, source, metric };
}

const straight: Write = async (batch) => events.write(batch);
const fill = (partition: number, count: number): void =>
  log.append(
    { topic, partition },
    Array.from({ length: count }, () => predictionText(randomUUID())),
  );
const committed = (partition = 0) => log.committed(topic, { topic, partition });
const eventually = async (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 20_000, interval: 5 });

/** Rows and different ids of this test's topic. */
async function stored(): Promise<{ rows: number; ids: number }> {
  const [found] = await db.database.query<{ rows: number; ids: number }>(
    'SELECT uniqExact(partition, offset) AS rows, uniqExact(prediction_id) AS ids FROM predictions WHERE topic = {topic:String}',
    { params: { topic } },
  );
  return { rows: Number(found?.rows), ids: Number(found?.ids) };
}

/** The database, whose answers are kept back until they are given. */
function withheld(): { readonly database: Database; readonly give: () => Promise<void> } {
  const asked: Promise<unknown>[] = [];
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const query = <Row>(sql: string, options?: QueryOptions): Promise<Row[]> => {
    const answered = opened.then(async () => db.database.query<Row>(sql, options));
    asked.push(answered);
    return answered;
  };
  const give = async (): Promise<void> => {
    expect(asked).not.toEqual([]);
    open();
    await Promise.all(asked);
  };
  return { database: Object.assign(Object.create(db.database) as Database, { query }), give };
}

/** Writes that wait until they are let go, in any order. */
class Gate {
  readonly waiting: { readonly events: readonly RawEvent[]; readonly go: (error?: Error) => void }[] = [];

  readonly write: Write = async (batch) => {
    await new Promise<void>((resolve, reject) => {
      this.waiting.push({ events: batch, go: (error) => (error ? reject(error) : resolve()) });
    });
    return events.write(batch);
  };
}

describe('reading from a log', () => {
  it('never commits past a hole, whatever the order in which inserts end', async () => {
    log.createTopic(topic, 1);
    fill(0, 30);
    const gate = new Gate();
    const { metric } = await read(gate.write, { rows: 10, concurrent: 3 });
    await eventually(() => expect(gate.waiting).toHaveLength(3));
    expect(gate.waiting.map(({ events: [first] }) => first?.offset)).toEqual([0n, 10n, 20n]);
    gate.waiting[2]?.go();
    gate.waiting[1]?.go();
    await eventually(async () => expect((await stored()).rows).toBe(20));
    expect(committed()).toBe(0n);
    // nothing is committed, and the lag says so
    expect(await metric('kafka_lag')).toBe(30);
    gate.waiting[0]?.go();
    await eventually(() => expect(committed()).toBe(30n));
    await eventually(async () => expect(await metric('kafka_lag')).toBe(0));
  });

  it('stops reading when too many bytes wait, and goes on when they are stored', async () => {
    log.createTopic(topic, 1);
    fill(0, 500);
    const gate = new Gate();
    const { metric } = await read(gate.write, { rows: 100, concurrent: 1, heldBytes: 40_000 });
    await eventually(() => expect(gate.waiting).toHaveLength(1));
    await eventually(async () => expect(await metric('kafka_buffered_bytes')).toBeGreaterThan(40_000));
    const held = await metric('kafka_buffered_bytes');
    // one batch above the limit and no more: the rest is still in the log
    expect(held).toBeLessThan(40_000 + 10 * 700);
    let open = 0;
    while (committed() !== 500n) {
      gate.waiting[open]?.go();
      if (gate.waiting[open]) open += 1;
      expect(await metric('kafka_buffered_bytes')).toBeLessThan(40_000 + 10 * 700);
      await wait(1);
    }
    expect(await stored()).toEqual({ rows: 500, ids: 500 });
  });

  it('tries again until it is stored, and what a failed insert left is not stored twice', async () => {
    log.createTopic(topic, 1);
    fill(0, 20);
    let attempts = 0;
    const written: number[] = [];
    const { metric } = await read(
      async (batch) => {
        attempts += 1;
        written.push(batch.length);
        // the first insert stores half and fails
        if (attempts === 1) {
          await events.write(batch.slice(0, 10));
          throw new Error('the engine went away');
        }
        return events.write(batch);
      },
      { delayMs: 200 },
    );
    await eventually(() => expect(committed()).toBe(20n));
    expect(written).toEqual([20, 10]);
    expect(await stored()).toEqual({ rows: 20, ids: 20 });
    expect(await metric('kafka_failures_total')).toBe(1);
  });

  it('neither stores nor commits for a generation that is over', async () => {
    log.createTopic(topic, 1);
    fill(0, 20);
    const gate = new Gate();
    const frozen = await read(gate.write, { rows: 10, concurrent: 1 });
    await eventually(() => expect(gate.waiting).toHaveLength(1));
    await frozen.source.freeze();
    await read(straight);
    await eventually(() => expect(committed()).toBe(20n));
    const before = committed();
    await frozen.source.thaw();
    gate.waiting[0]?.go(new Error('too late'));
    fill(0, 5);
    // whoever has the partition now gets the new ones; the old insert is not tried again
    await eventually(async () => {
      for (const { go } of gate.waiting.slice(1)) go();
      expect((await stored()).rows).toBe(25);
    });
    expect(before).toBe(20n);
    expect(gate.waiting.flatMap((write) => write.events).filter(({ offset }) => offset < 20n)).toHaveLength(
      10,
    );
  });

  it('asks on assignment what is stored, and skips it', async () => {
    log.createTopic(topic, 1);
    fill(0, 40);
    const first = await read(straight, { rows: 10 });
    await eventually(() => expect(committed()).toBe(40n));
    const note = log.group(topic).commits.get(`${topic}/0`)?.metadata ?? '';
    await first.source.kill();
    await log.seek(topic, { topic, partition: 0, offset: 15n, metadata: note });
    fill(0, 5);
    const second = await read(straight);
    await eventually(() => expect(committed()).toBe(45n));
    expect([await second.metric('kafka_skipped_total'), await second.metric('kafka_events_total')]).toEqual([
      25, 5,
    ]);
  });

  it('goes on with the newer of two assignments, though the older is answered last', async () => {
    log.createTopic(topic, 1);
    fill(0, 40);
    const first = await read(straight);
    await eventually(() => expect(committed()).toBe(40n));
    await first.source.kill();
    const answer = withheld();
    // the note of the first makes this assignment ask what is stored …
    await read(straight, {}, answer.database);
    // … and the next, which has none, asks nothing and is there sooner
    await log.seek(topic, { topic, partition: 0, offset: 0n, metadata: '' });
    await eventually(() => expect(committed()).toBe(40n));
    await answer.give();
    fill(0, 5);
    await eventually(() => expect(committed()).toBe(45n));
  });
});

describe('whatever happens', () => {
  it.each([1, 2, 3])(
    'every event is stored, and no commit is ahead of the store (seed %i)',
    { timeout: 60_000 },
    async (seed) => {
      const random = seeded(seed);
      log.createTopic(topic, 3);
      const done = new Set<string>();
      const ahead: string[] = [];
      log.onCommit = (positions) => {
        for (const { partition, offset } of positions)
          for (let at = 0n; at < offset; at += 1n)
            if (!done.has(`${partition}/${at}`)) ahead.push(`${partition}: ${offset} before ${at}`);
      };
      const flaky: Write = async (batch) => {
        const fate = random();
        if (fate < 0.1) throw new Error('before');
        if (fate > 0.8) await wait(random() * 30);
        const report = await events.write(batch);
        for (const { partition, offset } of batch) done.add(`${partition}/${offset}`);
        if (fate < 0.2) throw new Error('after');
        return report;
      };
      const limits = { rows: 60, concurrent: 2, heldBytes: 60_000 };
      const members = [await read(flaky, limits), await read(flaky, limits)];
      const ids: string[] = [];
      const produce = (): void => {
        const made = Array.from({ length: Math.ceil(random() * 60) }, () => {
          // a producer that got no answer sends once more
          const again = random() < 0.1 ? ids[Math.floor(random() * ids.length)] : undefined;
          if (again === undefined) ids.push(`${topic}-${ids.length}`);
          return again ?? ids.at(-1) ?? '';
        });
        log.append({ topic, partition: Math.floor(random() * 3) }, made.map(predictionText));
      };
      const happen = [
        async () => log.rebalance(topic),
        async () => {
          const at = Math.floor(random() * members.length);
          await members[at]?.source.kill();
          members[at] = await read(flaky, limits);
        },
        async () => {
          const one = members[Math.floor(random() * members.length)]?.source;
          await one?.freeze();
          await wait(random() * 40);
          await one?.thaw();
        },
        // another tool sends the group back
        async () => log.seek(topic, { topic, partition: Math.floor(random() * 3), offset: 0n, metadata: '' }),
      ];
      for (let step = 0; step < 8; step += 1) {
        produce();
        await wait(random() * 20);
        await happen[Math.floor(random() * happen.length)]?.();
        produce();
      }
      const end = (partition: number) => log.end({ topic, partition });
      await eventually(() => expect([0, 1, 2].map(committed)).toEqual([0, 1, 2].map(end)));
      expect(ahead).toEqual([]);
      expect((await stored()).ids).toBe(ids.length);
    },
  );
});

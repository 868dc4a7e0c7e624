import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type {
  Assignment,
  EventSource,
  SourceBatch,
  SourceHandler,
} from '../../src/ingest/kafka/event-source.js';
import { kafkaUnavailable } from '../support/kafka-broker.js';
import { kafkajsWorld, memoryWorld, platformaticWorld, type SourceWorld } from '../support/source-worlds.js';

const PATIENCE = 60_000;
const noBroker = kafkaUnavailable();

/** Writes down what a source does; `hold` makes batches wait. */
class Recorder implements SourceHandler {
  readonly assignments: Assignment[] = [];
  readonly batches: SourceBatch[] = [];
  readonly revoked: number[] = [];
  hold: Promise<void> = Promise.resolve();
  /** What happens when partitions are taken away. */
  onRevoked: () => Promise<void> = async () => undefined;

  async onAssign(assignment: Assignment): Promise<void> {
    this.assignments.push(assignment);
  }

  async onBatch(batch: SourceBatch): Promise<void> {
    if (this.assignments.at(-1)?.generation !== batch.generation)
      throw new Error('a batch before its assignment');
    this.batches.push(batch);
    await this.hold;
  }

  async onRevoke(generation: number): Promise<void> {
    this.revoked.push(generation);
    await this.onRevoked();
  }

  get generation(): number {
    return this.assignments.at(-1)?.generation ?? -1;
  }

  /** Values by partition, in the order they came. */
  get values(): ReadonlyMap<number, readonly string[]> {
    const found = new Map<number, string[]>();
    for (const { partition, records } of this.batches) {
      const known = found.get(partition) ?? [];
      found.set(partition, [...known, ...records.map(({ value }) => String(value))]);
    }
    return found;
  }

  get count(): number {
    return this.batches.reduce((sum, { records }) => sum + records.length, 0);
  }
}

const eventually = async (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 30_000, interval: 20 });
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ value: `${from + i}` }));
const texts = (from: number, to: number) => numbered(from, to).map(({ value }) => value);

describe.each([
  ['in memory', null, memoryWorld],
  ['kafkajs', noBroker, kafkajsWorld],
  ['@platformatic/kafka', noBroker, platformaticWorld],
] as const)('an event source: %s', (_, unavailable, open) => {
  describe.skipIf(unavailable !== null)(unavailable ?? '', () => {
    let world: SourceWorld;
    const started: EventSource[] = [];

    beforeAll(async () => {
      world = await open();
    }, 120_000);
    afterEach(async () => {
      for (const source of started.splice(0)) await source.stop();
    }, PATIENCE);
    afterAll(async () => world?.close(), PATIENCE);

    async function begin(group: string, topic: string, recorder = new Recorder()) {
      const source = world.source(group, topic);
      started.push(source);
      await source.start(recorder);
      return { source, recorder };
    }

    it(
      'assigns first, and then delivers each partition in order and without holes',
      { timeout: PATIENCE },
      async () => {
        const topic = await world.topic(2);
        for (const partition of [0, 1]) await world.send({ topic, partition }, numbered(0, 25));
        const { recorder } = await begin(topic, topic);
        await eventually(() => expect(recorder.count).toBe(50));
        await world.send({ topic, partition: 1 }, numbered(25, 30));
        await eventually(() => expect(recorder.count).toBe(55));
        expect(recorder.values).toEqual(
          new Map([
            [0, texts(0, 25)],
            [1, texts(0, 30)],
          ]),
        );
        expect(recorder.assignments).toHaveLength(1);
        expect(recorder.assignments[0]?.partitions.map(({ start, metadata }) => [start, metadata])).toEqual([
          [0n, ''],
          [0n, ''],
        ]);
        const next = new Map<number, bigint>();
        for (const batch of recorder.batches) {
          expect(batch.records[0]?.offset).toBe(next.get(batch.partition) ?? 0n);
          expect(batch.highWatermark).toBeGreaterThanOrEqual(batch.next);
          next.set(batch.partition, batch.next);
        }
      },
    );

    it('brings keys, headers in lower case and tombstones', { timeout: PATIENCE }, async () => {
      const topic = await world.topic(1);
      const headers = { Ce_Id: 'x' };
      await world.send({ topic, partition: 0 }, [
        { value: 'a', key: 'k', headers },
        { value: null, key: 'gone' },
      ]);
      const { recorder } = await begin(topic, topic);
      await eventually(() => expect(recorder.count).toBe(2));
      const [first, second] = recorder.batches.flatMap(({ records }) => records);
      expect([String(first?.key), String(first?.headers?.get('ce_id')), second?.value]).toEqual([
        'k',
        'x',
        null,
      ]);
      expect(Math.abs((first?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('goes on after the last commit and gives the note back', { timeout: PATIENCE }, async () => {
      const topic = await world.topic(1);
      await world.send({ topic, partition: 0 }, numbered(0, 10));
      const first = await begin(topic, topic);
      await eventually(() => expect(first.recorder.count).toBe(10));
      await first.source.commit([{ topic, partition: 0, offset: 7n, metadata: 'since=5' }]);
      expect(await world.committed(topic, { topic, partition: 0 })).toBe(7n);
      await first.source.stop();
      await expect(
        first.source.commit([{ topic, partition: 0, offset: 9n, metadata: '' }]),
      ).rejects.toThrow();
      const second = await begin(topic, topic);
      await eventually(() => expect(second.recorder.count).toBe(3));
      expect(second.recorder.assignments[0]?.partitions).toEqual([
        { topic, partition: 0, start: 7n, metadata: 'since=5' },
      ]);
      expect(second.recorder.values.get(0)).toEqual(texts(7, 10));
    });

    it('waits while a batch waits, and stays a member', { timeout: PATIENCE }, async () => {
      const topic = await world.topic(2);
      for (const partition of [0, 1]) await world.send({ topic, partition }, numbered(0, 5));
      const recorder = new Recorder();
      let release = (): void => undefined;
      recorder.hold = new Promise((resolve) => (release = resolve));
      const { source } = await begin(topic, topic, recorder);
      await eventually(() => expect(recorder.batches).toHaveLength(1));
      expect(await source.confirm(recorder.generation)).toBe(true);
      await source.commit([
        { topic, partition: recorder.batches[0]?.partition ?? 0, offset: 1n, metadata: '' },
      ]);
      expect([recorder.batches.length, recorder.assignments.length]).toEqual([1, 1]);
      release();
      await eventually(() => expect(recorder.count).toBe(10));
    });

    it('delivers nothing more once it is paused, and still commits', { timeout: PATIENCE }, async () => {
      const topic = await world.topic(1);
      await world.send({ topic, partition: 0 }, numbered(0, 5));
      const { source, recorder } = await begin(topic, topic);
      await eventually(() => expect(recorder.count).toBe(5));
      source.pause();
      await world.send({ topic, partition: 0 }, numbered(5, 10));
      await source.commit([{ topic, partition: 0, offset: 5n, metadata: '' }]);
      expect(await source.confirm(recorder.generation)).toBe(true);
      expect(await world.committed(topic, { topic, partition: 0 })).toBe(5n);
      await source.stop();
      expect(recorder.count).toBe(5);
    });

    it(
      'shares partitions with a second member under a new generation, and takes them back',
      { timeout: PATIENCE },
      async () => {
        const topic = await world.topic(2);
        const group = randomUUID();
        for (const partition of [0, 1]) await world.send({ topic, partition }, numbered(0, 5));
        const one = await begin(group, topic);
        await eventually(() => expect(one.recorder.count).toBe(10));
        const before = one.recorder.generation;
        await one.source.commit([0, 1].map((partition) => ({ topic, partition, offset: 5n, metadata: '' })));
        const two = await begin(group, topic);
        const owned = ({ recorder }: typeof one) =>
          recorder.assignments.at(-1)?.partitions.map(({ partition }) => partition) ?? [];
        await eventually(() => {
          expect(one.recorder.generation).toBeGreaterThan(before);
          expect(new Set([...owned(one), ...owned(two)])).toEqual(new Set([0, 1]));
        });
        expect(one.recorder.revoked.every((generation) => generation === before)).toBe(true);
        expect(await one.source.confirm(before)).toBe(false);
        for (const partition of [0, 1]) await world.send({ topic, partition }, numbered(5, 8));
        await eventually(() => expect(one.recorder.count + two.recorder.count).toBe(16));
        expect(two.recorder.values.get(owned(two)[0] ?? 0)).toEqual(texts(5, 8));
        await two.source.stop();
        await eventually(() => expect(new Set(owned(one))).toEqual(new Set([0, 1])));
      },
    );

    it('reads partitions that are added to its topic', { timeout: PATIENCE }, async () => {
      const topic = await world.topic(1);
      await world.send({ topic, partition: 0 }, numbered(0, 5));
      const { source, recorder } = await begin(topic, topic);
      await eventually(() => expect(recorder.count).toBe(5));
      await source.commit([{ topic, partition: 0, offset: 5n, metadata: '' }]);
      await world.grow(topic, 2);
      await world.send({ topic, partition: 1 }, numbered(5, 8));
      await eventually(() => expect(recorder.values.get(1)).toEqual(texts(5, 8)));
    });

    it('lets what is held be committed when it is asked for', { timeout: PATIENCE }, async () => {
      const topic = await world.topic(1);
      const group = randomUUID();
      await world.send({ topic, partition: 0 }, numbered(0, 5));
      const recorder = new Recorder();
      let release = (): void => undefined;
      recorder.hold = new Promise((resolve) => (release = resolve));
      const one = await begin(group, topic, recorder);
      recorder.onRevoked = async () => {
        await one.source.commit([{ topic, partition: 0, offset: 5n, metadata: '' }]);
        release();
      };
      await eventually(() => expect(recorder.count).toBe(5));
      // a batch is under way: its handler is asked to finish before another member gets the partition
      const two = await begin(group, topic);
      await eventually(() => expect(recorder.revoked).toHaveLength(1));
      await eventually(() => expect(two.recorder.assignments.length).toBeGreaterThan(0));
      expect(await world.committed(group, { topic, partition: 0 })).toBe(5n);
      await world.send({ topic, partition: 0 }, numbered(5, 6));
      await eventually(() => expect(recorder.count + two.recorder.count).toBe(6));
    });
  });
});

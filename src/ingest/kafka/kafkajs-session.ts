import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, { type Consumer, type EachBatchPayload, type IMemberAssignment, type Kafka } from 'kafkajs';
import { align } from './align.js';
import type { AssignedPartition, Position, SourceBatch } from './event-source.js';
import type { KafkaSession, SessionParts } from './kafka-client.js';
import { PARTITION_CHECK_MS, type KafkaConnection } from './kafka-connection.js';
import { expiredSince, readAssignment } from './read-assignment.js';
import { recordHeaders } from './record-headers.js';
import { tellExpired } from './starting-points.js';

/** kafkajs tells every batch which offset was asked for, without declaring it. */
type FetchedBatch = EachBatchPayload['batch'] & { readonly fetchedOffset: string };

/** What this process owns between two rebalances. */
interface Held {
  readonly generation: number;
  /** Next offset to hand on, by partition. */
  readonly positions: Map<string, bigint>;
  /** Last offset sought, by partition. */
  readonly asked: Map<string, bigint>;
  ready: Promise<void>;
  revoked: Promise<void> | null;
}

interface SessionOptions extends SessionParts {
  readonly kafka: Kafka;
  readonly connection: KafkaConnection;
}

/** While a batch waits, look this often whether a heartbeat is due. */
const BEAT_MS = 500;
const RETRY_MS = 1_000;
const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/** One life of a kafkajs consumer, from joining the group to leaving it or losing it. */
export class KafkajsSession implements KafkaSession {
  private readonly consumer: Consumer;
  private readonly sessionTimeoutMs: number;
  private readonly signals = new EventEmitter();
  private topics: readonly string[] = [];
  private held: Held | null = null;
  private lastBeat = 0;
  private paused = false;

  constructor(private readonly options: SessionOptions) {
    const { connection, kafka } = options;
    this.sessionTimeoutMs = connection.sessionTimeoutMs ?? 45_000;
    this.consumer = kafka.consumer({
      groupId: connection.groupId,
      sessionTimeout: this.sessionTimeoutMs,
      rebalanceTimeout: 60_000,
      heartbeatInterval: connection.heartbeatMs ?? 3_000,
      maxBytes: connection.fetchBytes ?? 16 << 20,
      maxBytesPerPartition: connection.partitionFetchBytes ?? 4 << 20,
      minBytes: 64 << 10,
      maxWaitTimeInMs: 250,
      allowAutoTopicCreation: false,
      // how soon partitions that were added to a topic are seen
      metadataMaxAge: connection.partitionCheckMs ?? PARTITION_CHECK_MS,
      // Whoever made this session starts the next one, so that there is one way of starting.
      retry: {
        initialRetryTime: 200,
        maxRetryTime: 5_000,
        retries: 5,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
  }

  /** Joins the group; resolves when the session has ended, with the reason. */
  async run(topics: readonly string[]): Promise<Error> {
    this.topics = topics;
    const crashed = this.listen();
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...topics], fromBeginning: true });
    // One worker: batches are only buffered, so nothing is gained by handling several partitions at once.
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.onBatch(payload),
    });
    return crashed;
  }

  async close(): Promise<void> {
    this.release();
    await this.consumer.disconnect();
  }

  /** Fetches nothing from here on and stays in the group. */
  pause(): void {
    this.paused = true;
    this.hold();
  }

  async commit(positions: readonly Position[]): Promise<void> {
    await this.consumer.commitOffsets(positions.map((at) => ({ ...at, offset: at.offset.toString() })));
  }

  /**
   * A process that was frozen past the session time-out does not know yet that others own its partitions: when the last
   * heartbeat is old, the next one has to answer first.
   */
  async confirm(generation: number): Promise<boolean> {
    while (this.held?.generation === generation) {
      if (performance.now() - this.lastBeat < this.sessionTimeoutMs / 2) return true;
      await once(this.signals, 'change');
    }
    return false;
  }

  private listen(): Promise<Error> {
    const { HEARTBEAT, REBALANCING, GROUP_JOIN, CRASH } = this.consumer.events;
    this.consumer.on(HEARTBEAT, () => this.beat());
    this.consumer.on(REBALANCING, () => this.release());
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.take(payload.memberAssignment));
    return new Promise((resolve) => {
      this.consumer.on(CRASH, ({ payload }) => {
        this.release();
        resolve(payload.error);
      });
    });
  }

  private beat(): void {
    this.lastBeat = performance.now();
    this.signals.emit('change');
  }

  private release(): void {
    this.held = null;
    this.signals.emit('change');
  }

  private take(assignment: IMemberAssignment): void {
    this.options.metrics.rebalances.inc();
    const generation = this.options.nextGeneration();
    const held: Held = {
      generation,
      positions: new Map(),
      asked: new Map(),
      ready: Promise.resolve(),
      revoked: null,
    };
    this.held = held;
    // Nothing is fetched before it is known where to begin: left to itself the client answers a position that retention
    // has overtaken by committing another one, and what was lost could no longer be told.
    this.hold();
    this.beat();
    held.ready = this.prepare(held, assignment);
  }

  /** Reads where to begin and lets the handler look what it has. Tried until it works or the partitions are gone. */
  private async prepare(held: Held, assignment: IMemberAssignment): Promise<void> {
    const { kafka, connection, handler, log, metrics } = this.options;
    while (this.held === held) {
      try {
        const partitions = await readAssignment(kafka, connection.groupId, assignment, { log, metrics });
        for (const { topic, partition, start } of partitions)
          held.positions.set(keyOf(topic, partition), start);
        await handler.onAssign({ generation: held.generation, partitions });
        if (this.held === held) this.begin(partitions);
        return;
      } catch (error) {
        metrics.failures.inc({ step: 'assign' });
        log.warn('could not take over partitions, trying again', { reason: String(error) });
        await wait(RETRY_MS);
      }
    }
  }

  private hold(): void {
    if (this.held) this.consumer.pause(this.topics.map((topic) => ({ topic })));
  }

  private begin(partitions: readonly AssignedPartition[]): void {
    for (const { topic, partition, start } of partitions) {
      this.consumer.seek({ topic, partition, offset: start.toString() });
    }
    if (!this.paused) this.consumer.resume(this.topics.map((topic) => ({ topic })));
  }

  private async onBatch(payload: EachBatchPayload): Promise<void> {
    const held = this.held;
    if (held === null) return;
    await this.beatWhile(held, payload, held.ready);
    if (payload.isStale()) return;
    const batch = await this.aligned(held, payload.batch as FetchedBatch);
    if (batch === null || this.held !== held) return;
    const accepted = this.options.handler.onBatch(batch);
    payload.resolveOffset(payload.batch.lastOffset());
    await this.beatWhile(held, payload, accepted);
  }

  /** Waits for `work` and stays in the group meanwhile. On the word of a rebalance what is held is handed over first. */
  private async beatWhile(held: Held, payload: EachBatchPayload, work: Promise<void>): Promise<void> {
    let done = false;
    const finished = work.finally(() => (done = true));
    try {
      await payload.heartbeat();
      while (!done) {
        await Promise.race([finished, wait(BEAT_MS, undefined, { ref: false })]);
        if (!done) await payload.heartbeat();
      }
      await finished;
    } catch (error) {
      if (isRebalance(error)) await this.handOver(held, payload);
      throw error;
    }
  }

  /** A member that is told of a rebalance keeps its generation, and its right to commit, as long as it goes on beating. */
  private async handOver(held: Held, payload: EachBatchPayload): Promise<void> {
    let done = false;
    held.revoked ??= this.options.handler.onRevoke(held.generation);
    const finished = held.revoked.finally(() => (done = true));
    while (!done) {
      this.beat();
      await Promise.race([finished, wait(BEAT_MS, undefined, { ref: false })]);
      if (done) return;
      await payload.heartbeat().catch((error: unknown) => {
        if (!isRebalance(error)) throw error;
      });
    }
  }

  private async aligned(held: Held, batch: FetchedBatch): Promise<SourceBatch | null> {
    const { topic, partition } = batch;
    const key = keyOf(topic, partition);
    const position = held.positions.get(key);
    if (position === undefined || this.held !== held) return null;
    const fetched = { offset: BigInt(batch.fetchedOffset), highWatermark: BigInt(batch.highWatermark) };
    const alignment = align(position, fetched, held.asked.get(key) ?? null);
    if (alignment.kind === 'seek') {
      held.asked.set(key, alignment.to);
      this.consumer.seek({ topic, partition, offset: alignment.to.toString() });
      return null;
    }
    if (alignment.kind === 'gap') await this.explainGap(topic, partition, position);
    if (alignment.kind === 'recreated') {
      // Ends this ownership: the next one reads the facts of the new log from the start.
      throw new kafkajs.KafkaJSNonRetriableError(`topic ${topic} was created anew while it was read`);
    }
    const records = batch.messages
      .map((message) => ({
        offset: BigInt(message.offset),
        timestamp: Number(message.timestamp),
        value: message.value,
        key: message.key,
        headers: recordHeaders(message.headers),
      }))
      .filter((record) => record.offset >= alignment.from);
    const next = BigInt(batch.lastOffset()) + 1n;
    if (next <= position) return null;
    held.positions.set(key, next);
    return {
      topic,
      partition,
      generation: held.generation,
      records,
      next,
      highWatermark: fetched.highWatermark,
    };
  }

  private async explainGap(topic: string, partition: number, position: bigint): Promise<void> {
    const { kafka, log, metrics } = this.options;
    const place = { topic, partition };
    tellExpired(place, await expiredSince(kafka, place, position), { log, metrics });
  }
}

function isRebalance(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'REBALANCE_IN_PROGRESS';
}

import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Position } from './event-source.js';
import { GroupMember } from './group-member.js';
import type { KafkaSession, SessionParts } from './kafka-client.js';
import { PARTITION_CHECK_MS, type KafkaConnection } from './kafka-connection.js';
import { PartitionReader } from './partition-reader.js';
import { PlatformaticWires } from './platformatic-wires.js';
import { startingPoints } from './starting-points.js';

export interface PlatformaticSessionOptions extends SessionParts {
  readonly connection: KafkaConnection;
}

const REBALANCE_MS = 60_000;
const RETRY_MS = 1_000;

/** What this process owns between two rebalances. */
interface Held {
  readonly generation: number;
  readonly reader: PartitionReader;
  readonly over: AbortController;
}

/** One life of a member of the group over @platformatic/kafka. */
export class PlatformaticSession implements KafkaSession {
  private readonly wires: PlatformaticWires;
  private readonly member: GroupMember;
  private readonly sessionTimeoutMs: number;
  private readonly heartbeatMs: number;
  private readonly signals = new EventEmitter().setMaxListeners(0);
  private readonly closing = new AbortController();
  private held: Held | null = null;
  private lastBeat = 0;
  private paused = false;

  constructor(private readonly options: PlatformaticSessionOptions) {
    const { connection } = options;
    this.sessionTimeoutMs = connection.sessionTimeoutMs ?? 45_000;
    this.heartbeatMs = connection.heartbeatMs ?? 3_000;
    this.wires = new PlatformaticWires(connection, { patienceMs: REBALANCE_MS + 10_000, retries: 3 });
    this.member = new GroupMember(this.wires, {
      groupId: connection.groupId,
      sessionTimeoutMs: this.sessionTimeoutMs,
      rebalanceTimeoutMs: REBALANCE_MS,
    });
  }

  async run(topics: readonly string[]): Promise<Error> {
    while (!this.closing.signal.aborted) {
      const { partitions, shared } = await this.member.join(topics);
      if (this.closing.signal.aborted) break;
      this.options.metrics.rebalances.inc();
      const held = this.take();
      const working = this.work(held, partitions);
      try {
        await Promise.race([working, this.beating(held), this.newPartitions(held, topics, shared)]);
        await this.handOver(held);
      } finally {
        held.over.abort();
        this.release();
      }
      await working;
    }
    return new Error('the session was closed');
  }

  pause(): void {
    this.paused = true;
    this.held?.reader.pause();
  }

  async commit(positions: readonly Position[]): Promise<void> {
    if (this.held === null) throw new Error('not a member of the group');
    await this.member.commit(positions);
  }

  /** A process that was frozen past the session time-out learns from its next heartbeat that others own its partitions. */
  async confirm(generation: number): Promise<boolean> {
    while (this.held?.generation === generation) {
      if (performance.now() - this.lastBeat < this.sessionTimeoutMs / 2) return true;
      await once(this.signals, 'change');
    }
    return false;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.held?.over.abort();
    this.release();
    await this.member.leave().catch(() => undefined);
    await this.wires.close();
  }

  private take(): Held {
    const { wires } = this;
    const { connection, handler, nextGeneration, log, metrics } = this.options;
    const generation = nextGeneration();
    const over = new AbortController();
    const reader = new PartitionReader({
      wires,
      connection,
      handler,
      generation,
      signal: over.signal,
      told: { log, metrics },
    });
    if (this.paused) reader.pause();
    const held = { generation, reader, over };
    this.held = held;
    this.beaten();
    return held;
  }

  private beaten(): void {
    this.lastBeat = performance.now();
    this.signals.emit('change');
  }

  private release(): void {
    this.held = null;
    this.signals.emit('change');
  }

  /** Reads where to begin, lets the handler look what it has, and reads until the partitions are gone. */
  private async work(held: Held, places: Parameters<PlatformaticWires['facts']>[0]): Promise<void> {
    const { handler, log, metrics } = this.options;
    while (!held.over.signal.aborted) {
      try {
        const partitions = startingPoints(await this.wires.facts(places), { log, metrics });
        await handler.onAssign({ generation: held.generation, partitions });
        if (!held.over.signal.aborted) await held.reader.read(partitions);
        return await ended(held.over.signal);
      } catch (error) {
        if (held.over.signal.aborted) return;
        if (held.reader.began) throw error;
        metrics.failures.inc({ step: 'assign' });
        log.warn('could not take over partitions, trying again', { reason: String(error) });
        await pause(RETRY_MS, held.over.signal);
      }
    }
  }

  /** Resolves on the word of a rebalance or when the membership is lost; rejects when nobody answered for a whole session. */
  private async beating(held: Held): Promise<void> {
    while (!held.over.signal.aborted) {
      await pause(this.heartbeatMs, held.over.signal);
      if (held.over.signal.aborted) return;
      const since = performance.now() - this.lastBeat;
      const beat = await this.member.beat().catch((error: unknown) => {
        if (since > this.sessionTimeoutMs) throw error;
        return null;
      });
      if (this.held !== held) return;
      if (beat === 'lost') this.release();
      if (beat === 'lost' || beat === 'rebalance') return;
      if (beat === 'well') this.beaten();
    }
  }

  /** Whoever shared the partitions looks whether there are more by now; resolves when they must be shared again. */
  private async newPartitions(
    held: Held,
    topics: readonly string[],
    shared: ReadonlyMap<string, number> | null,
  ): Promise<void> {
    const checkMs = this.options.connection.partitionCheckMs ?? PARTITION_CHECK_MS;
    while (shared !== null && !held.over.signal.aborted) {
      await pause(checkMs, held.over.signal);
      const found = await this.wires.metadata(topics).catch(() => null);
      if (found && topics.some((topic) => found.topics.get(topic)?.partitionsCount !== shared.get(topic)))
        return;
    }
    await ended(held.over.signal);
  }

  /** A member that is told of a rebalance keeps its generation, and its right to commit, as long as it goes on beating. */
  private async handOver(held: Held): Promise<void> {
    held.reader.pause();
    if (this.held !== held || this.closing.signal.aborted) return;
    const handed = new AbortController();
    const beating = this.beatUntil(handed.signal);
    await this.options.handler.onRevoke(held.generation).finally(() => handed.abort());
    await beating;
  }

  private async beatUntil(handed: AbortSignal): Promise<void> {
    while (!handed.aborted) {
      const beat = await this.member.beat().catch(() => null);
      if (beat === 'lost') return this.release();
      if (beat !== null) this.beaten();
      await pause(this.heartbeatMs, handed);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

async function ended(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

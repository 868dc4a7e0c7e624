import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';
import type { EventKind } from '../../domain/event.js';
import type { Database } from '../../store/database.js';
import type { Log } from '../../telemetry/log.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { Assignment, EventSource, SourceBatch, SourceHandler, SourceStatus } from './event-source.js';
import { Intake, type BatchWriter, type FlushLimits, type IntakeParts } from './intake.js';
import { kafkaMetrics } from './kafka-metrics.js';
import { openLane } from './lane.js';

export interface KafkaIngestOptions {
  readonly source: EventSource;
  readonly writer: BatchWriter;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What a topic carries; null when each event says it itself. */
  readonly kindOf: (topic: string) => EventKind | null;
  readonly limits?: Partial<FlushLimits>;
}

/** Large inserts make few, large parts, which is what the engine is fastest at; half a second is the price in latency. */
const LIMITS: FlushLimits = {
  rows: 50_000,
  bytes: 32 << 20,
  delayMs: 500,
  concurrent: 2,
  heldBytes: 160 << 20,
};

/** An insert under way when partitions are taken away may finish; longer than this nobody waits for it. */
const HANDOVER_MS = 10_000;
const SETTLE_MS = 30_000;

/**
 * Reads events from a log and stores each one once: insert first, commit after, never past a hole; and before reading on
 * after a change of ownership, ask the tables what they have and skip it. What slips through all that (an insert of a
 * frozen process) collapses in the tables' keys.
 */
export class KafkaIngest implements SourceHandler {
  private readonly parts: IntakeParts;
  private readonly log: Log;
  private intake: Intake | null = null;
  /** The newest assignment; null once it was taken away. */
  private newest: number | null = null;
  private stopping = false;

  constructor(private readonly options: KafkaIngestOptions) {
    this.log = options.log.of('kafka');
    const limits = { ...LIMITS, ...options.limits };
    this.parts = { ...options, limits, log: this.log, metrics: kafkaMetrics(options.metrics) };
  }

  async start(): Promise<void> {
    await this.options.source.start(this);
  }

  /** Stops reading, stores and commits what is in memory (for at most `withinMs`), leaves the group. */
  async stop(withinMs = 20_000): Promise<void> {
    this.stopping = true;
    this.options.source.pause();
    await this.finish(withinMs);
    await this.options.source.stop();
  }

  /** As the source says it, except when what was read cannot be stored. */
  status(): SourceStatus {
    const problem = this.intake?.problem ?? null;
    const status = this.options.source.status();
    if (problem === null || status.state !== 'running') return status;
    return { state: 'failed', detail: `events are read and cannot be stored: ${problem}` };
  }

  /** Until when everything that had been written to the topics is stored here, epoch ms; -Infinity while that cannot be said. */
  readUntil(now: number): number {
    const running = this.options.source.status().state === 'running';
    return running && this.intake ? this.intake.readUntil(now) : -Infinity;
  }

  async onAssign({ generation, partitions }: Assignment): Promise<void> {
    this.newest = generation;
    const before = this.intake;
    this.intake = null;
    before?.close();
    if (before) await within(SETTLE_MS, before.settled());
    const now = this.options.clock.now();
    const lanes = await Promise.all(partitions.map((each) => openLane(this.options.database, each, now)));
    // While the tables were asked, the group may have changed again: an older answer must not take the place of the newer one.
    if (this.newest !== generation) return;
    this.intake = new Intake(generation, lanes, this.parts);
    const skip = lanes
      .flatMap(({ stored }) => stored)
      .reduce((sum, { first, last }) => sum + Number(last - first) + 1, 0);
    this.log.info('partitions taken over', { partitions: lanes.length, alreadyStored: skip, generation });
  }

  async onBatch(batch: SourceBatch): Promise<void> {
    if (this.stopping || this.intake?.generation !== batch.generation) return;
    await this.intake.take(batch);
  }

  async onRevoke(generation: number): Promise<void> {
    if (this.newest === generation) this.newest = null;
    if (this.intake?.generation === generation) await this.finish(HANDOVER_MS);
  }

  private async finish(withinMs: number): Promise<void> {
    const { intake } = this;
    if (intake === null) return;
    if (!(await within(withinMs, intake.drain()))) {
      this.log.warn('gave up waiting for inserts; what was not committed will be read again', { withinMs });
    }
    intake.close();
  }
}

/** True when the work ended in time. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  const late = new AbortController();
  const timeout = wait(ms, false, { signal: late.signal }).catch(() => false);
  const inTime = await Promise.race([work.then(() => true), timeout]);
  late.abort();
  return inTime;
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';
import type { EventKind, RawEvent, Rejection } from '../../domain/event.js';
import { invariant } from '../../domain/invariant.js';
import type { Database } from '../../store/database.js';
import type { Log } from '../../telemetry/log.js';
import type { EventSource, SourceBatch, TopicPartition } from './event-source.js';
import { freshEvents } from './fresh-events.js';
import type { KafkaMetrics } from './kafka-metrics.js';
import { laneKey, notedPosition, type OwnedPartition } from './lane.js';
import { EMPTY_PLAN, planFlush, storeFlush } from './offset-plan.js';
import { inRanges } from './offset-ranges.js';
import { ReadPosition } from './read-position.js';
import { SegmentBuffer, type Cut } from './segment-buffer.js';
import { toIngestError } from '../landing/to-ingest-error.js';
import { storedOffsets } from './stored-offsets.js';

/** Stores events; resolves once they are stored, the unreadable ones as dead letters. */
export interface BatchWriter {
  write(
    events: readonly RawEvent[],
  ): Promise<{ readonly stored: number; readonly dead: readonly Rejection[] }>;
}

/** When a flush is due and how much may be in memory. */
export interface FlushLimits {
  readonly rows: number;
  readonly bytes: number;
  readonly delayMs: number;
  /** Inserts under way at once. */
  readonly concurrent: number;
  /** Bytes read and not stored, beyond which the source waits. */
  readonly heldBytes: number;
}

export interface IntakeParts {
  readonly source: EventSource;
  readonly writer: BatchWriter;
  readonly database: Database;
  readonly clock: Clock;
  readonly kindOf: (topic: string) => EventKind | null;
  readonly limits: FlushLimits;
  readonly log: Log;
  readonly metrics: KafkaMetrics;
}

/** The objects around a record's bytes. */
const RECORD_OVERHEAD = 200;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
/** As often in a row an insert may fail before it is a fault that a person should hear of. */
const PASSING_FAILURES = 3;

/** Everything under way in one generation: buffer, inserts, commits. What it had not committed when it closes is read again. */
export class Intake {
  private readonly lanes: ReadonlyMap<string, OwnedPartition>;
  private readonly buffer = new SegmentBuffer();
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private readonly uncommitted = new Map<string, bigint>();
  private readonly ends = new Map<string, bigint>();
  private readonly committed = new Map<string, bigint>();
  private readonly position: ReadPosition;
  private plan = EMPTY_PLAN;
  private flushes = 0;
  private heldBytes = 0;
  private due = false;
  private timer: NodeJS.Timeout | null = null;
  private committing: Promise<void> = Promise.resolve();
  private failing: string | null = null;
  private waiting: (() => void)[] = [];

  constructor(
    readonly generation: number,
    lanes: readonly OwnedPartition[],
    private readonly parts: IntakeParts,
  ) {
    this.lanes = new Map(lanes.map((lane) => [laneKey(lane), lane]));
    this.position = new ReadPosition([...this.lanes.keys()], parts.clock.now().getTime());
    for (const lane of lanes) this.committed.set(laneKey(lane), lane.start);
    for (const lane of lanes.filter((each) => each.fresh)) this.uncommitted.set(laneKey(lane), lane.start);
    if (this.uncommitted.size > 0) this.commit();
  }

  /** Why nothing gets stored, after several attempts; null while all is well. */
  get problem(): string | null {
    return this.failing;
  }

  /** Until when everything that had been written to the partitions is stored, epoch ms. */
  readUntil(now: number): number {
    return this.position.until(now);
  }

  /** Takes a batch; resolves when there is room for the next. */
  async take(batch: SourceBatch): Promise<void> {
    const lane = this.lanes.get(laneKey(batch));
    invariant(lane, `a batch of ${laneKey(batch)} arrived without its assignment`);
    const events = this.unstored(lane, batch);
    const bytes = events.reduce((sum, event) => sum + event.value.length + RECORD_OVERHEAD, 0);
    this.ends.set(laneKey(batch), batch.highWatermark);
    this.position.saw(laneKey(batch), batch.highWatermark, this.parts.clock.now().getTime());
    this.reportLag(batch);
    this.buffer.add({ key: laneKey(batch), events, next: batch.next, bytes });
    this.hold(bytes);
    this.pump();
    if (this.heldBytes > this.parts.limits.heldBytes && !this.closing.signal.aborted) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Stores and commits all it holds. */
  async drain(): Promise<void> {
    while (!this.closing.signal.aborted && (!this.buffer.empty || this.underWay.size > 0)) {
      this.due = true;
      this.pump();
      await Promise.race(this.underWay);
    }
    await this.committing;
  }

  /** Forgets what is buffered and begins nothing new. Inserts under way go on: see `settled`. */
  close(): void {
    this.closing.abort();
    if (this.timer) clearTimeout(this.timer);
    this.release();
    this.parts.metrics.buffered.set(0);
    for (const { topic, partition } of this.lanes.values()) {
      this.parts.metrics.lag.remove({ topic, partition });
      this.parts.metrics.committed.remove({ topic, partition });
    }
  }

  /** Resolves when no insert is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  private unstored(lane: OwnedPartition, batch: SourceBatch): readonly RawEvent[] {
    const { topic } = batch;
    const { clock, kindOf, metrics } = this.parts;
    const said = { kind: kindOf(topic), receivedAt: clock.now().getTime() };
    const { events, skipped, tombstones } = freshEvents(batch, lane.stored, said);
    if (skipped > 0) metrics.skipped.inc({ topic }, skipped);
    if (tombstones > 0) metrics.tombstones.inc({ topic }, tombstones);
    return events;
  }

  private hold(bytes: number): void {
    this.heldBytes += bytes;
    if (this.closing.signal.aborted) return;
    this.parts.metrics.buffered.set(this.heldBytes);
    if (this.heldBytes <= this.parts.limits.heldBytes) this.release();
  }

  private release(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }

  private pump(): void {
    const { limits } = this.parts;
    while (!this.buffer.empty && this.underWay.size < limits.concurrent && !this.closing.signal.aborted) {
      const full = this.buffer.rows >= limits.rows || this.buffer.bytes >= limits.bytes;
      // While an insert runs, what is not a full one waits for more: under load few, large parts cost the least.
      const idle = this.underWay.size === 0;
      if (!full && !(idle && (this.due || this.heldBytes > limits.heldBytes))) break;
      const flush = this.flush(this.buffer.cut(limits.rows, limits.bytes)).finally(() => {
        this.underWay.delete(flush);
        this.pump();
      });
      this.underWay.add(flush);
      if (this.buffer.empty) this.due = false;
    }
    if (!this.buffer.empty && this.timer === null && !this.due) this.startTimer();
  }

  private startTimer(): void {
    this.timer = setTimeout(() => {
      this.timer = null;
      this.due = !this.buffer.empty;
      this.pump();
    }, this.parts.limits.delayMs);
  }

  private async flush({ events, ends, bytes }: Cut): Promise<void> {
    this.flushes += 1;
    const id = this.flushes;
    this.plan = planFlush(this.plan, id, ends);
    const stored = await this.store(events);
    this.hold(-bytes);
    if (!stored) return;
    const { plan, commit } = storeFlush(this.plan, id);
    this.plan = plan;
    for (const { key, next } of commit) this.uncommitted.set(key, next);
    this.commit();
  }

  /**
   * Tries until the events are stored (true) or no longer ours (false); nothing is given up for another reason. What the writer
   * refuses for ever (an event no retry can heal) it has made a dead letter of, so that what fails here is the store's fault.
   */
  private async store(events: readonly RawEvent[]): Promise<boolean> {
    const { source, writer, log, metrics } = this.parts;
    let remaining = events;
    if (remaining.length === 0) return true;
    let failures = 0;
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS)) {
      if (this.closing.signal.aborted || !(await source.confirm(this.generation))) return false;
      try {
        if (delayMs > FIRST_RETRY_MS) remaining = await this.missing(remaining);
        if (remaining.length > 0) this.count(remaining, await writer.write(remaining));
        this.failing = null;
        return true;
      } catch (error) {
        failures += 1;
        if (failures >= PASSING_FAILURES) this.failing = toIngestError(error).message;
        metrics.failures.inc({ step: 'insert' });
        log.warn('events could not be stored, trying again', {
          reason: String(error),
          events: remaining.length,
          inMs: delayMs,
        });
        await wait(delayMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  /** A failed insert may have stored a part: what of these events is not in a table. */
  private async missing(events: readonly RawEvent[]): Promise<readonly RawEvent[]> {
    const groups = groupBy(events, laneKey);
    const missing: RawEvent[] = [];
    for (const [key, group] of groups) {
      const lane = this.lanes.get(key);
      const from = group[0]?.offset;
      invariant(lane && from !== undefined, `a flush holds ${key} without its assignment`);
      const stored = await storedOffsets(this.parts.database, lane, from, lane.since);
      missing.push(...group.filter(({ offset }) => !inRanges(stored, offset)));
    }
    return missing;
  }

  private count(events: readonly RawEvent[], { dead }: { readonly dead: readonly Rejection[] }): void {
    const { metrics } = this.parts;
    metrics.flushRows.observe(events.length);
    for (const [topic, group] of groupBy(events, (event) => event.topic))
      metrics.events.inc({ topic }, group.length);
    for (const { code } of dead) metrics.rejected.inc({ code });
  }

  /** One commit at a time, always of the newest positions. */
  private commit(): void {
    this.committing = this.committing.then(() => this.commitNow());
  }

  private async commitNow(): Promise<void> {
    const { source, log, metrics } = this.parts;
    const batch = [...this.uncommitted];
    if (batch.length === 0 || !(await source.confirm(this.generation))) return;
    const positions = batch.flatMap(([key, next]) => {
      const lane = this.lanes.get(key);
      return lane ? [notedPosition(lane, next)] : [];
    });
    try {
      await source.commit(positions);
    } catch (error) {
      metrics.failures.inc({ step: 'commit' });
      log.warn('positions could not be committed; they are with the next commit', { reason: String(error) });
      return;
    }
    for (const [key, next] of batch) if (this.uncommitted.get(key) === next) this.uncommitted.delete(key);
    for (const { topic, partition, offset } of positions) {
      this.committed.set(laneKey({ topic, partition }), offset);
      this.position.stored(laneKey({ topic, partition }), offset);
      metrics.committed.set({ topic, partition }, Number(offset));
      this.reportLag({ topic, partition });
    }
  }

  /** With every batch and not only with every commit: when nothing can be stored, the lag is what says so. */
  private reportLag({ topic, partition }: TopicPartition): void {
    const end = this.ends.get(laneKey({ topic, partition }));
    const committed = this.committed.get(laneKey({ topic, partition }));
    if (end === undefined || committed === undefined || this.closing.signal.aborted) return;
    this.parts.metrics.lag.set({ topic, partition }, Math.max(0, Number(end - committed)));
  }
}

/** Map.groupBy, which Node 20 does not have. */
function groupBy(
  events: readonly RawEvent[],
  keyOf: (event: RawEvent) => string,
): ReadonlyMap<string, readonly RawEvent[]> {
  const groups = new Map<string, RawEvent[]>();
  for (const event of events) {
    const group = groups.get(keyOf(event));
    if (group) group.push(event);
    else groups.set(keyOf(event), [event]);
  }
  return groups;
}

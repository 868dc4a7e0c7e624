import type { Clock } from '../../domain/clock.js';
import type { RawEvent, Rejection } from '../../domain/event.js';
import { DatabaseError, type Database } from '../../store/database.js';
import type { Log } from '../../telemetry/log.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { toIngestError } from './to-ingest-error.js';
import { refusedBy, type Gate, type Refused } from './gate.js';
import { IngestMetrics } from '../ingest-metrics.js';
import { Landing } from './landing.js';
import type { ModelRule } from './model-rule.js';
import { LetterBytes } from './letter-bytes.js';
import { storeApart } from './store-apart.js';
import { storeDeadLetters } from './store-dead-letters.js';
import { WRITER_LIMITS, type WriterLimits } from './writer-limits.js';

export interface WriteReport {
  /** Events that became a prediction or a label. */
  readonly stored: number;
  /** Events that became a dead letter; `index` counts within the events given. */
  readonly dead: readonly Rejection[];
}

export interface EventWriterOptions {
  readonly database: Database;
  readonly rules: () => readonly ModelRule[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits?: Partial<WriterLimits>;
  /** How many bytes of dead letters are kept; without it all. */
  readonly letters?: LetterBytes;
  /** Say which events may not come in; without them all may. */
  readonly gates?: readonly Gate[];
}

interface Write {
  /** When it was given to us, epoch ms. */
  readonly at: number;
  readonly events: readonly RawEvent[];
  readonly bytes: number;
  readonly resolve: (report: WriteReport) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The one way of events into the store: raw bytes in, one insert a batch, the engine sorts them into predictions, labels and
 * dead letters. Writes that arrive while an insert runs go together into the next one; an idle writer inserts at once.
 */
export class EventWriter {
  private readonly limits: WriterLimits;
  private readonly queue: Write[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly metrics: IngestMetrics;
  private readonly letters: LetterBytes;
  private pending = 0;
  private readonly unsettled = new Set<Write>();
  private running = 0;
  private readonly landing: Landing;

  constructor(private readonly options: EventWriterOptions) {
    this.limits = { ...WRITER_LIMITS, ...options.limits };
    this.landing = new Landing(options.database, options.rules);
    this.metrics = new IngestMetrics(options.metrics);
    this.letters = options.letters ?? new LetterBytes(Infinity, options.clock);
  }

  /** True when `write` would wait: the moment to tell a client to come back later. */
  get full(): boolean {
    return this.pending >= this.limits.pendingBytes;
  }

  /** Bytes given to `write` and not stored yet. */
  get pendingBytes(): number {
    return this.pending;
  }

  /** When the oldest write was given that is not stored yet, epoch ms; null while there is none. */
  get pendingSince(): number | null {
    for (const { at } of this.unsettled) return at;
    return null;
  }

  /** The registry changed: the rules are read and written again before the next insert. */
  rulesChanged(): void {
    this.landing.rulesChanged();
  }

  /**
   * Resolves once every event is stored, as a row or as a dead letter. Throws IngestError when any of them is not known to
   * be: sending all of them again is then safe, since a row's identity makes a repetition collapse.
   */
  async write(events: readonly RawEvent[]): Promise<WriteReport> {
    if (events.length === 0) return { stored: 0, dead: [] };
    let stored = 0;
    const dead: Rejection[] = [];
    const parts: { readonly from: number; readonly report: Promise<WriteReport> }[] = [];
    for (let from = 0; from < events.length;) {
      const part = this.part(events, from);
      parts.push({ from, report: this.enqueue(part) });
      from += part.length;
      if (this.full) await parts.at(-1)?.report;
    }
    const reports = await Promise.all(parts.map(({ report }) => report));
    reports.forEach((report, part) => {
      const from = parts[part]?.from ?? 0;
      stored += report.stored;
      dead.push(...report.dead.map((rejection) => ({ ...rejection, index: rejection.index + from })));
    });
    return { stored, dead };
  }

  /** Resolves when nothing is queued or running. */
  async drain(): Promise<void> {
    while (this.pending > 0) await this.settled();
  }

  /** Resolves when everything that was given until now is stored, or known not to be. */
  async written(): Promise<void> {
    const given = [...this.unsettled];
    while (given.some((write) => this.unsettled.has(write))) await this.settled();
  }

  private part(events: readonly RawEvent[], from: number): readonly RawEvent[] {
    let bytes = 0;
    let to = from;
    while (to < events.length && to - from < this.limits.batchRows && bytes < this.limits.batchBytes)
      bytes += events[to++]?.value.length ?? 0;
    return from === 0 && to === events.length ? events : events.slice(from, to);
  }

  private async enqueue(events: readonly RawEvent[]): Promise<WriteReport> {
    while (this.full) await this.settled();
    let bytes = 0;
    for (const event of events) bytes += event.value.length;
    // an empty message still takes its place in the account of what is under way
    bytes += events.length;
    this.pending += bytes;
    return new Promise((resolve, reject) => {
      const write = { at: this.options.clock.now().getTime(), events, bytes, resolve, reject };
      this.unsettled.add(write);
      this.queue.push(write);
      this.pump();
    });
  }

  private async settled(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private pump(): void {
    while (this.running < this.limits.inFlight && this.queue.length > 0) {
      const writes = this.next();
      this.running += 1;
      void this.flush(writes).finally(() => {
        this.running -= 1;
        for (const write of writes) {
          this.pending -= write.bytes;
          this.unsettled.delete(write);
        }
        for (const wake of this.waiting.splice(0)) wake();
        this.pump();
      });
    }
  }

  private next(): readonly Write[] {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const write of this.queue) {
      rows += write.events.length;
      bytes += write.bytes;
      if (count > 0 && (rows > this.limits.batchRows || bytes > this.limits.batchBytes)) break;
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  private async flush(writes: readonly Write[]): Promise<void> {
    try {
      const dead = await this.store(
        writes.length === 1 ? (writes[0]?.events ?? []) : writes.flatMap((write) => write.events),
      );
      let first = 0;
      for (const { events, resolve } of writes) {
        const own = dead.filter(({ index }) => index >= first && index < first + events.length);
        const from = first;
        resolve({
          stored: events.length - own.length,
          dead: own.map(({ index, code, message }) => ({ index: index - from, code, message })),
        });
        first += events.length;
      }
    } catch (error) {
      const failure = toIngestError(error);
      this.options.log.warn('events were not stored', {
        code: failure.code,
        retryable: failure.retryable,
        reason: error instanceof Error ? error.message : String(error),
      });
      for (const { reject } of writes) reject(failure);
    }
  }

  private async store(events: readonly RawEvent[]): Promise<readonly Rejection[]> {
    await this.landing.loadRules();
    const steps = {
      insert: async (part: readonly RawEvent[]) => this.insert(part),
      bury: async (event: RawEvent, error: DatabaseError) => this.bury(event, error),
    };
    const { gates = [], clock } = this.options;
    const refused = await refusedBy(gates, events, clock.now().getTime());
    if (refused.length === 0) return storeApart(events, steps);
    const kept = await this.keepOut(events, refused);
    const out = new Set(refused.map(({ index }) => index));
    const places = events.flatMap((_, index) => (out.has(index) ? [] : [index]));
    const dead = await storeApart(
      places.flatMap((index) => events[index] ?? []),
      steps,
    );
    return [...kept, ...dead.map((rejection) => ({ ...rejection, index: places[rejection.index] ?? 0 }))];
  }

  private async keepOut(
    events: readonly RawEvent[],
    refused: readonly Refused[],
  ): Promise<readonly Rejection[]> {
    const letters = refused.flatMap(({ index, keepsBytes, ...why }) => {
      const event = events[index];
      if (!event) return [];
      return [{ ...why, index, event: keepsBytes ? event : withoutBytes(event) }];
    });
    await storeDeadLetters(this.options.database, letters, this.letters);
    for (const { event, code } of letters) this.metrics.keptOut(event, code);
    return letters.map(({ index, code, message }) => ({ index, code, message }));
  }

  private async insert(events: readonly RawEvent[]): Promise<readonly Rejection[]> {
    const dead: Rejection[] = [];
    for (const { events: part, places, whole } of this.letters.portions(events))
      for (const rejection of await this.insertPart(part, whole))
        dead.push({ ...rejection, index: places[rejection.index] ?? 0 });
    return dead;
  }

  /** Of dead letters among them the beginning is kept, if not the whole: an odd number of the batch says so. */
  private async insertPart(events: readonly RawEvent[], whole: boolean): Promise<readonly Rejection[]> {
    const { clock } = this.options;
    const started = performance.now();
    const dead = await this.landing.land(events, whole);
    this.letters.spent(dead.flatMap(({ index }) => events[index] ?? []));
    this.metrics.batch(events, dead, {
      seconds: (performance.now() - started) / 1000,
      now: clock.now().getTime(),
    });
    return dead;
  }

  /** What the engine says is for the log; a person reads what to do. */
  private async bury(event: RawEvent, error: DatabaseError): Promise<Rejection> {
    const { database, log } = this.options;
    const { topic, partition, offset } = event;
    const code = 'unstorable';
    const message = `the store refuses this event (${error.code}), and sending it again cannot help: look for extreme values`;
    await storeDeadLetters(database, [{ event, model: '', code, message }], this.letters);
    log.error('the store refuses an event; it is a dead letter now', error, {
      place: `${topic}/${partition}/${offset}`,
    });
    this.metrics.keptOut(event, code);
    return { index: 0, code, message };
  }
}

const NO_BYTES = Buffer.alloc(0);

/** Where it came from, and nothing of what it says. */
function withoutBytes({ key: _key, headers: _headers, ...event }: RawEvent): RawEvent {
  return { ...event, value: NO_BYTES };
}

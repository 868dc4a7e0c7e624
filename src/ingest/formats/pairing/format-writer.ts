import type { Clock } from '../../../domain/clock.js';
import type { RawEvent, Rejection } from '../../../domain/event.js';
import type { Database } from '../../../store/database.js';
import type { Log } from '../../../telemetry/log.js';
import type { Metrics } from '../../../telemetry/metrics.js';
import type { WriteReport } from '../../landing/event-writer.js';
import type { Decoded, FormatDecoder, Source } from '../format-decoder.js';
import { FormatMetrics } from '../format-metrics.js';
import type { Half } from './half.js';
import { HalfStore, type StoredHalf } from './half-store.js';
import type { PendingHalves } from './pending-halves.js';
import { settleHalves, together, unpairedLetter } from './settle-halves.js';
import { LetterBytes } from '../../landing/letter-bytes.js';
import { storeDeadLetters } from '../../landing/store-dead-letters.js';

export interface FormatWriterOptions {
  /** Where native events go: the EventWriter. */
  readonly writer: { write(events: readonly RawEvent[]): Promise<WriteReport> };
  readonly decoder: FormatDecoder;
  readonly pending: PendingHalves;
  /** How many bytes of dead letters are kept; without it all. */
  readonly letters?: LetterBytes;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How long a request or a response waits for its other side. */
  readonly waitMs?: number;
}

interface Batch {
  readonly events: readonly RawEvent[];
  readonly source: Source | null;
  readonly resolve: (report: WriteReport) => void;
  readonly reject: (error: unknown) => void;
}

const WAIT_MS = 120_000;
const PAGE = 5_000;
/** An event time further back than this is not looked for among the stored. */
const LOOK_BACK_MS = 7 * 86_400_000;

/**
 * The EventWriter for sources of any format: native events pass unchanged, foreign ones are decoded first. Resolves once
 * everything is stored: rows, dead letters, and halves that wait. Writes that arrive meanwhile go together into the next.
 */
export class FormatWriter {
  private readonly halves: HalfStore;
  private readonly metrics: FormatMetrics;
  private readonly letters: LetterBytes;
  private readonly waitMs: number;
  private readonly queue: Batch[] = [];
  private running = false;
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> | null = null;

  constructor(private readonly options: FormatWriterOptions) {
    this.halves = new HalfStore(options.database);
    this.metrics = new FormatMetrics(options.metrics);
    this.letters = options.letters ?? new LetterBytes(Infinity, options.clock);
    this.waitMs = options.waitMs ?? WAIT_MS;
  }

  /** Takes up the halves that an earlier run left waiting, and from then on settles those whose time is up. */
  async start(): Promise<void> {
    this.options.decoder.refresh();
    for (let after = -1; ;) {
      const page = await this.halves.waiting(after, PAGE);
      for (const stored of page) await this.takeUp(stored);
      if (page.length < PAGE) break;
      after = page.at(-1)?.stagedAt ?? after;
    }
    this.timer = setInterval(() => void this.sweep(), Math.max(1_000, this.waitMs / 8)).unref();
  }

  /** Ends the timer; what waits is in the store and is taken up by the next start. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.sweeping;
  }

  /**
   * Stores events of any format. Throws what the EventWriter throws, or SchemaRegistryError when a schema cannot be had now;
   * sending all of them again is then safe. `source` is what the caller knows, e.g. by the options of a replay.
   */
  async write(events: readonly RawEvent[], source: Source | null = null): Promise<WriteReport> {
    const { decoder, writer } = this.options;
    decoder.refresh();
    if (source === null && !events.some((event) => decoder.isForeign(event))) return writer.write(events);
    return new Promise((resolve, reject) => {
      this.queue.push({ events, source, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  /** Settles halves whose time is up: pairs those whose other side the store has, makes dead letters of the others. */
  async sweep(): Promise<void> {
    this.sweeping ??= this.settle().finally(() => (this.sweeping = null));
    return this.sweeping;
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0) {
      const batches = this.queue.splice(0);
      try {
        const dead = await this.store(
          batches.flatMap(({ events }) => events),
          batches.flatMap(({ events, source }) => events.map(() => source)),
        );
        resolveEach(batches, dead);
      } catch (error) {
        for (const { reject } of batches) reject(error);
      }
    }
    this.running = false;
  }

  private async store(
    events: readonly RawEvent[],
    sources: readonly (Source | null)[],
  ): Promise<readonly Rejection[]> {
    const { decoder, pending, clock } = this.options;
    const now = clock.now().getTime();
    const out: RawEvent[] = [];
    const origin: number[] = [];
    const decoded: Decoded[] = [];
    const dead: Rejection[] = [];
    // a pair that cannot be read is two dead letters, of which the first came earlier
    const places = new Map(events.map((event, index) => [placeOf(event), index]));
    try {
      for (const [index, event] of events.entries()) {
        const source = sources[index] ?? null;
        const found =
          source !== null || decoder.isForeign(event) ? await decoder.decode(event, now, source) : null;
        if (found) decoded.push(found);
        for (const each of found?.events ?? [event]) {
          out.push(each);
          origin.push(index);
        }
        for (const { event: about, code, message } of found?.dead ?? []) {
          const place = places.get(placeOf(about));
          // the other side of a pair, written earlier, was answered for then
          if (place !== undefined) dead.push({ index: place, code, message });
        }
      }
      const report = await this.flush(out, decoded);
      return [
        ...dead,
        ...report.dead.map((rejection) => ({ ...rejection, index: origin[rejection.index] ?? 0 })),
      ];
    } catch (error) {
      // as before: what met goes back to waiting, what came is forgotten until it comes again
      for (const { met } of decoded) if (met) pending.add(met);
      for (const { waiting } of decoded) if (waiting) pending.remove(waiting);
      throw error;
    }
  }

  private async flush(events: readonly RawEvent[], decoded: readonly Decoded[]): Promise<WriteReport> {
    const { writer, database } = this.options;
    const waiting = decoded.flatMap((each) => each.waiting ?? []);
    const here = new Set(waiting);
    const met = new Set(decoded.flatMap((each) => each.met ?? []));
    const [report] = await Promise.all([
      writer.write(events),
      storeDeadLetters(database, together(decoded).dead, this.letters),
      this.halves.put(
        waiting.filter((half) => !met.has(half)),
        'waiting',
      ),
    ]);
    await this.halves.put(
      [...met].filter((half) => !here.has(half)),
      'paired',
    );
    for (const each of decoded) this.metrics.decoded(each);
    return report;
  }

  private async takeUp(stored: StoredHalf): Promise<void> {
    const half = await this.options.decoder.reopen(stored.message, stored.stagedAt);
    if (half) this.options.pending.add(half);
  }

  private async settle(): Promise<void> {
    const { pending, clock, log } = this.options;
    const now = clock.now();
    for (;;) {
      const expired = pending.expire(now.getTime() - this.waitMs, PAGE);
      if (expired.length === 0) return;
      try {
        await this.settleAll(expired, now);
      } catch (error) {
        for (const half of expired) pending.add(half);
        log.warn('calls that wait for their other side could not be settled, trying again', {
          reason: String(error),
        });
        return;
      }
    }
  }

  private async settleAll(expired: readonly Half[], now: Date): Promise<void> {
    const { database, writer } = this.options;
    const sides = await this.halves.sides(expired);
    const ids = expired.flatMap(({ id }) => [id, `${id}/0`]);
    const oldest = Math.min(...expired.map(({ message }) => message.receivedAt));
    const storedIds = await this.halves.storedIds(ids, oldest - LOOK_BACK_MS);
    const { pairs, done, unpaired } = settleHalves(expired, { sides, storedIds });
    const paired = await Promise.all(pairs.map(async ({ half, other }) => this.pairStored(half, other)));
    const alone = [...unpaired, ...paired.flatMap(({ half, decoded }) => (decoded === null ? [half] : []))];
    const decoded = paired.flatMap((each) => each.decoded ?? []);
    const unpairedLetters = alone.map((half) => unpairedLetter(half, this.waitMs));
    const { events, dead } = together(decoded);
    await Promise.all([
      writer.write(events),
      storeDeadLetters(database, [...dead, ...unpairedLetters], this.letters),
    ]);
    const late = decoded.filter((each) => each.dead.length === 0).flatMap(({ sides: both }) => both);
    await this.halves.put([...late, ...done], 'paired');
    await this.halves.put(alone, 'dead');
    await this.halves.closeDeadLetters(late, now);
    for (const half of alone) this.metrics.neverPaired(half.side);
    for (const _ of done) this.metrics.leftOut('stored_already');
    for (const each of decoded) this.metrics.decoded(each);
  }

  private async pairStored(
    half: Half,
    stored: StoredHalf,
  ): Promise<{ half: Half; decoded: (Decoded & { sides: readonly Half[] }) | null }> {
    const { decoder } = this.options;
    const other = await decoder.reopen(stored.message, stored.stagedAt);
    return { half, decoded: other === null ? null : { ...decoder.pair(half, other), sides: [half, other] } };
  }
}

function resolveEach(batches: readonly Batch[], dead: readonly Rejection[]): void {
  let first = 0;
  for (const { events, resolve } of batches) {
    const from = first;
    const own = dead.filter(({ index }) => index >= from && index < from + events.length);
    const refused = new Set(own.map(({ index }) => index)).size;
    resolve({
      stored: events.length - refused,
      dead: own.map((rejection) => ({ ...rejection, index: rejection.index - from })),
    });
    first += events.length;
  }
}

function placeOf({ topic, partition, offset }: RawEvent): string {
  return `${topic}/${partition}/${offset}`;
}

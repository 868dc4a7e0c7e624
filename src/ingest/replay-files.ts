import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import type { EventKind, RawEvent, Rejection } from '../domain/event.js';
import type { Database } from '../store/database.js';
import type { WriteReport } from './event-writer.js';
import { expandPatterns } from './expand-patterns.js';
import { formatOf, replayFile, type ReplayFormat } from './replay-file.js';
import { ReplayProgress } from './replay-progress.js';

export interface ReplayOptions {
  readonly database: Database;
  readonly writer: { write(events: readonly RawEvent[]): Promise<WriteReport> };
  readonly clock: Clock;
  /** Paths; `*`, `?` and `**` stand for several. */
  readonly patterns: readonly string[];
  /** Null: by the end of each file's name. */
  readonly format: ReplayFormat | null;
  /** Null: each event says it itself. */
  readonly kind: EventKind | null;
  /** Events a second at most; null as fast as the store takes them. */
  readonly rate: number | null;
  /** The moment the events count as received, against which their times are judged; null now. */
  readonly asOf: Date | null;
  /** Read and count, store nothing. */
  readonly dryRun: boolean;
  /** Where to remember how far it came; null to begin anew every time. */
  readonly progressFile: string | null;
  readonly onProgress: (progress: ReplayState) => void;
  readonly signal?: AbortSignal;
}

export interface ReplayState {
  readonly file: string;
  readonly files: number;
  readonly filesDone: number;
  readonly events: number;
  readonly stored: number;
  readonly rejected: number;
  /** Events of files and lines that an earlier run had stored. */
  readonly skipped: number;
  readonly eventsPerSecond: number;
}

export interface ReplayResult extends Omit<ReplayState, 'file'> {
  /** The first of the events that became dead letters. */
  readonly firstRejections: readonly (Rejection & { readonly file: string })[];
}

const LISTED = 20;

/**
 * Sends the events of files through the same door as all others. An event's identity is its file's name and its place in it, so
 * a second replay of the same file changes nothing. Throws when a pattern names no file, a format cannot be told, or the store
 * is away; what was stored before is remembered in the progress file.
 */
export async function replayFiles(options: ReplayOptions): Promise<ReplayResult> {
  const files = await expandPatterns(options.patterns);
  const sources = files.map((file) => ({ file, format: options.format ?? formatOf(file) }));
  const unclear = sources.find(({ format }) => format === null);
  if (unclear) throw new Error(`${unclear.file}: name the format, it cannot be told from the name`);
  const elsewhere = sources.find(({ format }) => format !== 'ndjson' && options.database.mode === 'server');
  if (elsewhere)
    throw new Error(
      `${elsewhere.file}: a ClickHouse server cannot read files of this machine; turn it into NDJSON`,
    );
  const progress = await ReplayProgress.open(options.dryRun ? null : options.progressFile);
  const run = new Run(options, files.length, progress);
  for (const { file, format } of sources) if (format) await run.file(file, format);
  return run.result();
}

/** One replay under way. */
class Run {
  private readonly started = performance.now();
  private readonly firstRejections: (Rejection & { file: string })[] = [];
  private readonly counts = { filesDone: 0, events: 0, stored: 0, rejected: 0, skipped: 0 };

  constructor(
    private readonly options: ReplayOptions,
    private readonly files: number,
    private readonly progress: ReplayProgress,
  ) {}

  async file(file: string, format: ReplayFormat): Promise<void> {
    const { database } = this.options;
    const before = this.progress.of(file);
    let place = before.events;
    this.counts.skipped += before.events;
    if (!before.done) {
      for await (const values of replayFile(database, { file, format, skip: before.events })) {
        for (const part of this.parts(values)) {
          this.options.signal?.throwIfAborted();
          await this.send(file, part, place);
          place += part.length;
          await this.progress.reached(file, place, false);
          this.options.onProgress({ file, ...this.state() });
          await this.pace();
        }
      }
      await this.progress.reached(file, place, true);
    }
    this.counts.filesDone += 1;
    this.options.onProgress({ file, ...this.state() });
  }

  result(): ReplayResult {
    return { ...this.state(), firstRejections: this.firstRejections };
  }

  /** At a limited rate small parts keep the flow even. */
  private *parts(values: readonly Buffer[]): Generator<readonly Buffer[]> {
    const size = Math.max(1, Math.min(values.length, Math.ceil((this.options.rate ?? Infinity) / 4)));
    for (let from = 0; from < values.length; from += size) yield values.slice(from, from + size);
  }

  private async send(file: string, values: readonly Buffer[], place: number): Promise<void> {
    const { writer, kind, asOf, clock, dryRun } = this.options;
    this.counts.events += values.length;
    if (dryRun) return;
    const topic = `file:${basename(file)}`;
    const partition = createHash('sha256').update(file).digest().readUInt16LE();
    const receivedAt = (asOf ?? clock.now()).getTime();
    const report = await writer.write(
      values.map((value, i) => ({ kind, topic, partition, offset: BigInt(place + i), receivedAt, value })),
    );
    this.counts.stored += report.stored;
    this.counts.rejected += report.dead.length;
    for (const rejection of report.dead.slice(0, LISTED - this.firstRejections.length))
      this.firstRejections.push({ ...rejection, index: place + rejection.index, file });
  }

  private async pace(): Promise<void> {
    const { rate, signal } = this.options;
    if (rate === null) return;
    const due = (this.counts.events / rate) * 1000 - (performance.now() - this.started);
    if (due > 0) await wait(due, undefined, signal ? { signal } : {});
  }

  private state(): Omit<ReplayState, 'file'> {
    const seconds = Math.max((performance.now() - this.started) / 1000, 0.001);
    return { files: this.files, ...this.counts, eventsPerSecond: Math.round(this.counts.events / seconds) };
  }
}

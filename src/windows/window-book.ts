import type { Model } from '../domain/model.js';
import {
  dueWindows,
  lateMinutes,
  type BookedWindow,
  type DueRun,
  type Track,
  type VersionBook,
} from './due-windows.js';
import { watermark, windowStart, type StreamProgress } from './window.js';
import type { StoredWindow, WindowCounts } from './window.repository.js';

/** Stragglers of the same minute are waited for before a window closes. */
const GRACE_MS = 60_000;
/** A trickle of labels, or corrections one by one, must not judge a model's history anew with each of them. */
const LOOK_AGAIN_MS = 600_000;

/** What is kept of a closed window; `judgedTruths` is null when an earlier process judged its labels. */
interface Kept extends Omit<BookedWindow, 'relabelled'> {
  readonly judgedTruths: number | null;
}

interface Entry {
  readonly windows: Map<number, Kept>;
  /** What the labels of a window say now, as a hash; absent before its first recount. */
  readonly truths: Map<number, number>;
  /** When labels were last judged again, epoch ms. */
  lookedAgainAt: number;
  readonly withRows: Set<number>;
  /** By source; what an earlier process judged stands as one silent source. */
  readonly sources: Map<string, StreamProgress>;
  lateFrom: number | null;
}

/** New rows of one model version: their minutes and the newest of each source, epoch seconds. */
export interface NewRows {
  readonly minutes: readonly number[];
  readonly sources: Readonly<Record<string, number>>;
}

const EARLIER_PROCESS = '';

/** Which windows of which model version exist, were judged, and are due. Kept in memory, rebuilt from the stored judgements. */
export class WindowBook {
  private readonly entries = new Map<string, Entry>();
  /** Rows later than a model allows: kept and counted, but their windows stay as they were judged. */
  beyondLateness = 0;

  /** Takes over what an earlier process judged. */
  restore(stored: readonly StoredWindow[]): void {
    for (const window of stored) {
      this.judged(window);
      const entry = this.entry(window.model, window.version);
      if (window.predictions > 0) entry.withRows.add(window.from);
      const newest = Math.max(newestOf(entry), window.watermark + GRACE_MS);
      entry.sources.set(EARLIER_PROCESS, { newest, grewAt: -Infinity });
    }
  }

  /** Notes new rows. */
  observe(model: Model, version: string, { minutes, sources }: NewRows, now: Date): void {
    if (minutes.length === 0) return;
    const entry = this.entry(model.key, version);
    const instants = minutes.map((minute) => minute * 1000);
    for (const instant of instants) entry.withRows.add(windowStart(instant, model.window));
    for (const [source, newest] of Object.entries(sources)) advance(entry, source, newest * 1000, now);
    const { late, beyond } = lateMinutes(
      instants,
      closedTo(entry, model.window),
      model.lateness,
      newestOf(entry),
    );
    this.beyondLateness += beyond;
    if (late !== null) entry.lateFrom = Math.min(late, entry.lateFrom ?? late);
  }

  /** Notes how many rows and labels closed windows hold now. */
  recount(model: string, version: string, counts: readonly WindowCounts[]): void {
    const { windows, truths: said } = this.entry(model, version);
    for (const { from, predictions, labelled, truths } of counts) {
      said.set(from, truths);
      const window = windows.get(from);
      if (window) windows.set(from, { ...window, predictions, labelled });
    }
  }

  /** Notes a judgement. */
  judged(window: StoredWindow): void {
    const entry = this.entry(window.model, window.version);
    const { windows, truths } = entry;
    const old = windows.get(window.from);
    const labels = window.track === 'labels';
    if (labels && (old?.judgedLabels ?? null) !== null) entry.lookedAgainAt = window.evaluatedAt;
    windows.set(window.from, {
      from: window.from,
      revision: Math.max(window.revision, old?.revision ?? 0),
      predictions: window.predictions,
      labelled: Math.max(window.labelled, old?.labelled ?? 0),
      judgedLabels: labels ? window.labelled : (old?.judgedLabels ?? null),
      judgedTruths: labels ? (truths.get(window.from) ?? null) : (old?.judgedTruths ?? null),
    });
  }

  /** The late rows of a model version have been judged. */
  caughtUp(model: string, version: string): void {
    this.entry(model, version).lateFrom = null;
  }

  /** The revision that a judgement of this window gets. */
  nextRevision(model: string, version: string, from: number): number {
    const window = this.entry(model, version).windows.get(from);
    return window ? window.revision + 1 : 0;
  }

  versions(model: string): string[] {
    return [...this.entries.keys()]
      .filter((key) => key.startsWith(`${model}\0`))
      .map((key) => key.slice(model.length + 1));
  }

  /** Other versions of the model that have rows at or after an instant, the one with the newest first. */
  othersAlive(model: string, version: string, since: number): string[] {
    return this.versions(model)
      .filter((other) => other !== version)
      .map((other) => ({ other, newest: newestOf(this.entry(model, other)) }))
      .filter(({ newest }) => newest >= since)
      .sort((a, b) => b.newest - a.newest)
      .map(({ other }) => other);
  }

  /** The closed windows without rows that a version ends in, epoch ms; null where its newest closed window has rows, or rows came since. */
  silence({ key, window }: Model, version: string): { readonly from: number; readonly to: number } | null {
    const entry = this.entry(key, version);
    const from = Math.max(...startsWithRows(entry)) + window;
    const to = closedTo(entry, window) ?? -Infinity;
    return to > from && Number.isFinite(from) ? { from, to } : null;
  }

  /** Versions that began after this one and have rows at or after an instant, the one with the newest first. */
  successors(model: string, version: string, since: number): string[] {
    const began = Math.min(...startsWithRows(this.entry(model, version)));
    return this.versions(model)
      .map((other) => ({ other, starts: startsWithRows(this.entry(model, other)) }))
      .map(({ other, starts }) => ({ other, began: Math.min(...starts), newest: Math.max(...starts) }))
      .filter((one) => one.began > began && one.newest >= since)
      .sort((a, b) => b.newest - a.newest || b.began - a.began)
      .map(({ other }) => other);
  }

  /** Windows of a version with rows that were judged on a track; on that of the labels, with any label. */
  judgedWindows(model: string, version: string, track: Track): number {
    const windows = [...this.entry(model, version).windows.values()];
    const has = ({ predictions, judgedLabels }: Kept) =>
      track === 'inputs' ? predictions > 0 : judgedLabels !== null && judgedLabels > 0;
    return windows.filter(has).length;
  }

  /** Model versions with rows in the last `windows` windows: what shares the fleet's budget. */
  active(models: readonly Model[], windows: number): number {
    const recent = (model: Model, version: string) => {
      const entry = this.entry(model.key, version);
      return [...entry.withRows].some((start) => start >= newestOf(entry) - windows * model.window);
    };
    return models.flatMap((model) => this.versions(model.key).filter((version) => recent(model, version)))
      .length;
  }

  watermark(model: Model, version: string, now: Date): number {
    const { sources } = this.entry(model.key, version);
    const limits = { graceMs: GRACE_MS, widthMs: model.window, now: now.getTime() };
    return watermark([...sources.values()], limits);
  }

  /** What is to be judged now. `silenceMs`: a silence of this length is a finding; null where none is. */
  due(model: Model, version: string, now: Date, silenceMs: number | null): readonly DueRun[] {
    const lookAgain = now.getTime() - this.entry(model.key, version).lookedAgainAt >= LOOK_AGAIN_MS;
    const view = { ...this.view(model, version), silenceMs, lookAgain };
    return dueWindows(view, this.watermark(model, version, now));
  }

  private view(model: Model, version: string): Omit<VersionBook, 'silenceMs' | 'lookAgain'> {
    const entry = this.entry(model.key, version);
    const ascending = (a: number, b: number) => a - b;
    return {
      widthMs: model.window,
      windows: [...entry.windows.values()]
        .map((window) => ({ ...window, relabelled: isRelabelled(window, entry.truths.get(window.from)) }))
        .sort((a, b) => a.from - b.from),
      withRows: [...entry.withRows].sort(ascending),
      lateFrom: entry.lateFrom,
      expectedWithinMs: model.labels.expectedWithin,
    };
  }

  private entry(model: string, version: string): Entry {
    const key = `${model}\0${version}`;
    const found = this.entries.get(key);
    if (found) return found;
    const made: Entry = {
      windows: new Map(),
      truths: new Map(),
      lookedAgainAt: -Infinity,
      withRows: new Set(),
      sources: new Map(),
      lateFrom: null,
    };
    this.entries.set(key, made);
    return made;
  }
}

/** Known to say something else now; what an earlier process judged counts as changed once its labels are touched. */
function isRelabelled({ judgedLabels, judgedTruths }: Kept, truths: number | undefined): boolean {
  return judgedLabels !== null && truths !== undefined && truths !== judgedTruths;
}

function advance({ sources }: Entry, source: string, newest: number, now: Date): void {
  const before = sources.get(source)?.newest ?? -Infinity;
  if (newest > before) sources.set(source, { newest, grewAt: now.getTime() });
}

function newestOf({ sources }: Entry): number {
  return Math.max(...[...sources.values()].map(({ newest }) => newest));
}

/** Windows that have rows, whichever process saw them. */
function startsWithRows({ windows, withRows }: Entry): readonly number[] {
  const judged = [...windows.values()].filter(({ predictions }) => predictions > 0);
  return [...withRows, ...judged.map(({ from }) => from)];
}

function closedTo(entry: Entry, widthMs: number): number | null {
  return entry.windows.size === 0 ? null : Math.max(...entry.windows.keys()) + widthMs;
}

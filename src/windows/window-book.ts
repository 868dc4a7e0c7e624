import type { Model } from '../domain/model.js';
import { aliveSince } from './alive-versions.js';
import { dueOf } from './due-of-entry.js';
import { lateMinutes, type DueRun, type Track } from './due-windows.js';
import { KnownRhythms } from './known-rhythms.js';
import { KnownDelays } from './known-delays.js';
import { KnownStarts } from './known-starts.js';
import { resumedProgress, type Reading, type VersionDelay } from './stream-progress.js';
import { labelProgress, type LabelledVersion, type LabelProgress } from './label-progress.js';
import { EARLIER_PROCESS, endSources, hear, rowsIn, newEntry, newestOf, type Entry, type EntryRows, type LeftBehind, type BookStretch } from './book-entry.js'; // prettier-ignore
import { kept } from './kept-window.js';
import { RowsTooLate } from './rows-too-late.js';
import { afterJudgement } from './label-allowance.js';
import { IDLE_MS, watermarks, windowStart, type Watermarks } from './window.js';
import type { StoredVersion, StoredWindow, WindowCounts } from './window.repository.js';

/** Rows that a look found; `unheard`: those of them that no earlier process was given, where that is not all of them. */
export interface NoticedRows extends EntryRows {
  readonly unheard?: EntryRows;
}

/** So many minutes with rows are needed before the newest of them is believed. */
const LEAST_MINUTES = 3;

/** Which windows of which model version exist, were judged, and are due. Kept in memory, rebuilt from the stored judgements. */
export class WindowBook {
  private readonly models = new Map<string, Map<string, Entry>>();
  /** Rows whose windows stay as they were judged. */
  readonly tooLate = new RowsTooLate();
  private reading: Reading = { at: -Infinity, before: -Infinity };
  private heardUntil = -Infinity;
  private ended: readonly string[] = [];
  private readonly delays = new KnownDelays();
  /** How labels of versions come. */
  readonly rhythms = new KnownRhythms();
  /** Where their streams begin. */
  readonly starts = new KnownStarts();
  /** `graceMs`: the longest that stragglers of a source are waited for before a window closes; how long is learnt from it. */
  constructor(private readonly graceMs: number) {}

  /** A look at what arrived begins at `at`; everything that was sent until `heardUntil` is in it. Null where nothing new is known of that. */
  read({ at, heardUntil }: { readonly at: Date; readonly heardUntil: Date | null }): void {
    this.reading = { at: Math.max(at.getTime(), this.reading.at), before: this.heardUntil };
    this.heardUntil = Math.max(this.heardUntil, heardUntil?.getTime() ?? -Infinity);
  }

  /** Takes over what earlier processes judged: numbers of every version, and the windows that can still change. */
  restore(
    versions: readonly StoredVersion[],
    windows: readonly StoredWindow[],
    { at, delays, starts }: LeftBehind,
  ): void {
    this.delays.restore(delays);
    this.starts.restore(starts, versions, windows);
    for (const stored of versions) {
      const entry = this.changing(stored.model, stored.version, stored.widthMs);
      entry.booked.resume(stored);
      entry.booked.heldFrom = stored.closedTo;
      this.resume(stored, stored.watermark + this.graceMs, at);
    }
    this.load(windows);
  }

  /** Takes in stored windows: judged ones that are to be judged again, or can be. */
  load(windows: readonly StoredWindow[]): void {
    for (const window of windows) {
      const { booked } = this.changing(window.model, window.version, window.to - window.from);
      booked.keep(kept(booked, window));
      booked.heldFrom = Math.min(booked.heldFrom, window.from);
    }
  }

  /** Judged windows from an instant on that are only in the store, as `[from, to)`; null where all of them are here. */
  absent(model: Model, version: string, instant: number): BookStretch | null {
    const booked = this.find(model.key, version)?.booked;
    const from = windowStart(instant, model.window);
    return booked && from < booked.heldFrom ? { from, to: booked.heldFrom } : null;
  }

  /** Notes new rows, found by the look that began last. */
  observe(model: Model, version: string, found: NoticedRows): void {
    const { minutes, sources, unheard = found } = found;
    if (minutes.length === 0) return;
    const entry = this.changing(model.key, version, model.window);
    this.delays.heardOf(model.key, version, entry);
    const { booked } = entry;
    const instants = minutes.map((minute) => minute * 1000);
    for (const instant of instants) booked.saw(windowStart(instant, model.window));
    hear(entry, sources, this.reading);
    endSources(entry, this.ended, this.reading.at - IDLE_MS - 1);
    const { late, beyond } = lateMinutes(instants, booked.closedTo, model.lateness, newestOf(entry));
    this.tooLate.count(model.key, beyond, unheard);
    if (late !== null) booked.lateFrom = Math.min(late, booked.lateFrom ?? late);
  }

  /** Notes rows that an earlier process summarised and did not judge: starts of minutes, epoch seconds. */
  resumeOpen(model: Model, version: string, minutes: readonly number[], at: Date): void {
    const entry = this.changing(model.key, version, model.window);
    for (const minute of minutes) entry.booked.saw(windowStart(minute * 1000, model.window));
    // How many rows each minute has is not known here: a single one must not move the stream.
    const believed = 1000 * (minutes.at(-LEAST_MINUTES) ?? minutes[0] ?? -Infinity);
    const newest = Math.max(newestOf(entry), Math.min(believed, at.getTime()));
    this.resume({ model: model.key, version }, newest, at);
  }

  /** How late rows come, of versions for which that has changed since it was asked last. */
  changedDelays(): readonly VersionDelay[] {
    return this.delays.changed();
  }

  /** Notes how many rows and labels windows hold now. */
  recount(model: Model, version: string, counts: readonly WindowCounts[]): void {
    const { booked } = this.changing(model.key, version, model.window);
    for (const { from, ...now } of counts) booked.recount(from, now);
  }

  /** Notes a judgement. */
  judged(window: StoredWindow): void {
    const entry = this.changing(window.model, window.version, window.to - window.from);
    const { booked } = entry;
    this.starts.judged(window, booked.firstRow);
    const before = booked.get(window.from);
    if (window.track === 'labels' && (before?.judgedLabels ?? null) !== null)
      entry.lookedAgainAt = Math.max(entry.lookedAgainAt, window.evaluatedAt);
    entry.allowance = afterJudgement(entry.allowance, window);
    const after = kept(booked, window);
    booked.count(after, before);
    booked.keep(after);
  }

  /** The late rows of a model version have been judged. */
  caughtUp(model: string, version: string): void {
    const entry = this.find(model, version);
    if (!entry) return;
    entry.rest = null;
    entry.booked.caughtUp();
  }

  /** Lets go of what nothing is due for; call it when a version's windows were judged. */
  forget(model: string, version: string): void {
    this.find(model, version)?.booked.forget();
  }

  /** Sources from which nothing will come any more, for the processes that took their events are gone: nobody waits for them. */
  endSources(names: readonly string[]): void {
    this.ended = names;
    for (const versions of this.models.values())
      for (const entry of versions.values()) endSources(entry, names, this.reading.at - IDLE_MS - 1);
  }

  /** Forgets a model: another process has it now. */
  drop(model: string): void {
    this.models.delete(model);
    this.delays.drop(model);
    this.rhythms.drop(model);
    this.starts.drop(model);
  }

  /** The revision that a judgement of this window gets. */
  nextRevision(model: string, version: string, from: number): number {
    return (this.find(model, version)?.booked.get(from)?.revision ?? -1) + 1;
  }

  /** What the labels of a window say now, as a hash; null where nobody counted them. */
  truthsOf(model: string, version: string, from: number): number | null {
    return this.find(model, version)?.booked.truthsOf(from) ?? null;
  }

  versions(model: string): readonly string[] {
    return [...(this.models.get(model)?.keys() ?? [])];
  }

  /** End of a version's newest judged window, epoch ms; null before the first. */
  closedTo(model: string, version: string): number | null {
    return this.find(model, version)?.booked.closedTo ?? null;
  }

  /** Start of the first window with rows of a model, or of one version of it, epoch ms; null while there is none. */
  firstRow(model: string, only?: string): number | null {
    const found = [...(this.models.get(model) ?? [])].filter(([version]) => (only ?? version) === version);
    const first = Math.min(...found.map(([, { booked }]) => booked.firstRow ?? Infinity));
    return Number.isFinite(first) ? first : null;
  }

  /** Event time of the newest row of a model that is believed, epoch ms; null while there is none. */
  newestRow(model: string): number | null {
    const newest = Math.max(...[...(this.models.get(model)?.values() ?? [])].map(newestOf));
    return Number.isFinite(newest) ? newest : null;
  }

  /** How far the labels of a model's closed windows have come, of all versions or of one. */
  labelProgress(model: Model, only: string | null = null): LabelProgress {
    const versions = this.versions(model.key).filter((version) => (only ?? version) === version);
    const known = versions.map((version) => this.labelled(model, version));
    return labelProgress(known, model.labels.expectedWithin);
  }

  /** Other versions of the model that had begun by a window and have rows in it or since, the one with the newest first. */
  othersAlive(model: string, version: string, from: number): string[] {
    return aliveSince(this.models.get(model) ?? [], from)
      .filter(({ other, first }) => other !== version && first <= from)
      .map(({ other }) => other);
  }

  /** The closed windows without rows that a version ends in, epoch ms; null where its newest closed window has rows, or rows came since. */
  silence({ key, window }: Model, version: string): BookStretch | null {
    return this.find(key, version)?.booked.silence(window) ?? null;
  }

  /** Versions that began after this one and have rows at or after the start of a window, the one with the newest first. */
  successors(model: string, version: string, since: number): string[] {
    const began = this.find(model, version)?.booked.firstRow ?? Infinity;
    return aliveSince(this.models.get(model) ?? [], since)
      .filter(({ first }) => first > began)
      .map(({ other }) => other);
  }

  /** Windows of a version with rows that were judged on a track; on that of the labels, with any label. */
  judgedWindows(model: string, version: string, track: Track): number {
    return this.find(model, version)?.booked.judgedWindows(track) ?? 0;
  }

  /** Starts of the newest closed windows of a version, oldest first. */
  newestWindows(model: string, version: string, count: number): readonly number[] {
    return this.find(model, version)?.booked.newest(count) ?? [];
  }

  /** Rows of a version in a window, none of one that is not known. */
  rowsIn(model: string, version: string, from: number): number {
    const entry = this.find(model, version);
    return entry ? rowsIn(entry, from, this.reading.at) : 0;
  }

  /** Of some versions of a model, those with rows in its last `windows` windows: what shares the fleet's budget. */
  recent({ key, window }: Model, versions: readonly string[], windows: number): readonly string[] {
    const lastRow = (version: string) => this.find(key, version)?.booked.lastRow ?? -Infinity;
    const newest = Math.max(...this.versions(key).map(lastRow));
    return versions.filter(
      (version) => Number.isFinite(newest) && lastRow(version) >= newest - windows * window,
    );
  }

  watermark(model: Model, version: string): number {
    return this.watermarks(model, version).rows;
  }

  /** What is known of the labels of a version. */
  labelled(model: Model, version: string): LabelledVersion {
    const { booked } = this.entry(model.key, version, model.window);
    const rhythm = this.rhythms.of(model.key, version);
    return { booked, watermark: this.watermarks(model, version).labels, rhythm };
  }

  private watermarks(model: Model, version: string): Watermarks {
    const { sources } = this.entry(model.key, version, model.window);
    const limits = { graceMs: this.graceMs, widthMs: model.window, readUntil: this.heardUntil };
    return watermarks([...sources.values()], limits);
  }

  /** What is to be judged now. `silenceMs`: a silence of this length is a finding; null where none is. `since`: where what it learnt begins, epoch ms; null where it did not learn. */
  // prettier-ignore
  due(model: Model, version: string, now: Date, silenceMs: number | null, since: number | null = null): readonly DueRun[] {
    const entry = this.entry(model.key, version, model.window);
    if (since !== null) this.starts.begin({ model: model.key, version, start: since }, entry.booked, silenceMs);
    this.starts.reach(model.key, version, entry.booked, silenceMs);
    const rhythm = this.rhythms.of(model.key, version);
    const asked = { now: now.getTime(), silenceMs, readUntil: this.heardUntil, rhythm };
    return dueOf(entry, model, asked, () => this.watermarks(model, version));
  }

  private resume(
    { model, version }: Pick<VersionDelay, 'model' | 'version'>,
    newest: number,
    at: Date,
  ): void {
    const delay = this.delays.of({ model, version });
    // Whoever sends was not heard while nobody listened: it gets time to come back.
    this.find(model, version)?.sources.set(EARLIER_PROCESS, resumedProgress(newest, at.getTime(), delay));
  }

  private find(model: string, version: string): Entry | undefined {
    return this.models.get(model)?.get(version);
  }

  /** The same of a version of which something changes: what was due of it may be otherwise then. */
  private changing(model: string, version: string, widthMs: number): Entry {
    const entry = this.entry(model, version, widthMs);
    entry.rest = null;
    return entry;
  }

  private entry(model: string, version: string, widthMs: number): Entry {
    const found = this.find(model, version);
    if (found) return found;
    const made = newEntry(widthMs);
    const versions = this.models.get(model) ?? new Map<string, Entry>();
    this.models.set(model, versions.set(version, made));
    return made;
  }
}

import { MOST_EMPTY } from '../domain/judged-empty.js';
import type { BookedWindow } from './due-windows.js';
import { placeOf } from './place-of.js';

/** What is kept of a closed window; `judgedTruths` is null when an earlier process judged its labels. */
export interface KeptWindow extends Omit<BookedWindow, 'relabelled'> {
  /** What its labels say now, as a hash; null before the first count. */
  readonly truths: number | null;
  readonly judgedTruths: number | null;
}

/** What is known of a version beyond the windows that are held. Instants are epoch ms. */
export interface VersionSummary {
  /** End of the newest judged window. */
  readonly closedTo: number;
  /** Starts of the first and the newest judged window with rows; null where none has any. */
  readonly firstRow: number | null;
  readonly lastRow: number | null;
  /** Start of the first judged window with labels; null where none has any. */
  readonly firstLabelled: number | null;
  /** Windows with rows judged on the inputs track, and with labels on that of the labels. */
  readonly judged: { readonly inputs: number; readonly labels: number };
}

/** So many of the newest windows are held whatever can still change: how a silence goes on depends on them. */
export const LEAST_HELD = MOST_EMPTY + 8;

/**
 * The windows of one model version that can still change: those whose labels were not judged yet, those that are to be judged again, and
 * the newest. Of all others numbers are kept, so that nothing here grows with age.
 */
export class BookedVersion {
  /** End of the newest judged window; null before the first. */
  closedTo: number | null = null;
  firstRow: number | null = null;
  lastRow: number | null = null;
  /** First closed window with labels. */
  firstLabelled: number | null = null;
  /** Newest held window that ever had labels. */
  lastLabelled: number | null = null;
  /** Newest judged window with rows. */
  lastClosedRow: number | null = null;
  /** Newest window whose labels were judged. */
  labelledTo: number | null = null;
  /** Oldest instant with late rows since its window was judged. */
  lateFrom: number | null = null;
  /** Judged windows before this instant are in the store only. */
  heldFrom = -Infinity;
  private readonly counted = { inputs: 0, labels: 0 };
  private readonly windows = new Map<number, KeptWindow>();
  /** Starts of the held windows, ascending. */
  private readonly starts: number[] = [];
  /** Windows with rows after `closedTo`, ascending, and what their labels say. */
  private filled: number[] = [];
  private readonly early = new Map<number, number>();
  private readonly lateRows = new Set<number>();
  /** First held window whose labels were not judged; all before it were. */
  private waitsFrom = Infinity;
  /** Windows whose labels were judged and counted again since. */
  private readonly recounted = new Set<number>();

  constructor(public widthMs: number) {}

  /** Takes over numbers of windows that are not held. */
  resume({ closedTo, firstRow, lastRow, firstLabelled, judged }: VersionSummary): void {
    this.closedTo = closedTo;
    this.firstLabelled = firstLabelled;
    this.lastRow = this.lastClosedRow = lastRow;
    this.firstRow = firstRow;
    Object.assign(this.counted, judged);
  }

  get(start: number): KeptWindow | undefined {
    return this.windows.get(start);
  }

  /** Notes that a window has rows. */
  saw(start: number): void {
    this.firstRow = Math.min(start, this.firstRow ?? start);
    this.lastRow = Math.max(start, this.lastRow ?? start);
    if (start < (this.closedTo ?? -Infinity)) {
      this.lateRows.add(start);
      return;
    }
    const place = placeOf(this.filled, start);
    if (this.filled[place] !== start) this.filled.splice(place, 0, start);
  }

  /** Windows with rows that nothing was judged of yet, ascending. */
  get unjudged(): readonly number[] {
    return this.filled;
  }

  /** Keeps a judged window, or what changed of it. */
  keep(window: KeptWindow): void {
    const { from, predictions, labelled, judgedLabels } = window;
    const known = this.windows.has(from);
    this.windows.set(from, window);
    if (!known) this.starts.splice(placeOf(this.starts, from), 0, from);
    if (judgedLabels === null) this.waitsFrom = Math.min(this.waitsFrom, from);
    else if (from === this.waitsFrom) this.waitsFrom = this.nextWaiting(from);
    if (judgedLabels !== null && (labelled !== judgedLabels || isRelabelled(window)))
      this.recounted.add(from);
    else this.recounted.delete(from);
    if (predictions > 0) {
      this.firstRow = Math.min(from, this.firstRow ?? from);
      this.lastRow = Math.max(from, this.lastRow ?? from);
      this.lastClosedRow = Math.max(from, this.lastClosedRow ?? from);
    }
    if (labelled > 0) {
      this.firstLabelled = Math.min(from, this.firstLabelled ?? from);
      this.lastLabelled = Math.max(from, this.lastLabelled ?? from);
    }
    if (judgedLabels !== null) this.labelledTo = Math.max(from, this.labelledTo ?? from);
    if (from + this.widthMs > (this.closedTo ?? -Infinity)) this.close(from + this.widthMs);
  }

  /** Notes a window judged in this process; `before` is what was kept of it. */
  count(window: KeptWindow, before: KeptWindow | undefined): void {
    for (const track of ['inputs', 'labels'] as const)
      this.counted[track] += Number(speaks(window, track)) - Number(speaks(before, track));
  }

  /** Windows with rows that were judged on a track; on that of the labels, with any label. */
  judgedWindows(track: 'inputs' | 'labels'): number {
    return this.counted[track];
  }

  /** Rows in a window; where it is not closed yet, or is in the store only, as many as anybody could have. */
  rowsIn(start: number): number {
    const isLetGo = start < this.heldFrom && start >= (this.firstRow ?? Infinity);
    const isUnknown = isLetGo || this.filled.includes(start);
    return this.windows.get(start)?.predictions ?? (isUnknown ? Infinity : 0);
  }

  /** What the labels of a window say, before it was judged. */
  truthsOf(start: number): number | null {
    return this.windows.get(start)?.truths ?? this.early.get(start) ?? null;
  }

  /** Notes how many rows and labels a window holds now. */
  recount(
    start: number,
    now: Pick<KeptWindow, 'predictions' | 'labelled'> & { readonly truths: number },
  ): void {
    const window = this.windows.get(start);
    if (!window) {
      if (start >= (this.closedTo ?? -Infinity)) this.early.set(start, now.truths);
      return;
    }
    this.keep({ ...window, ...now });
  }

  /** Windows with rows that were not judged, oldest first. */
  get open(): readonly number[] {
    return this.filled;
  }

  /** Windows before `closedTo` that got rows since the late ones were judged. */
  get late(): Iterable<number> {
    return this.lateRows;
  }

  /** Starts of so many of the newest held windows, oldest first. */
  newest(count: number): readonly number[] {
    return this.starts.slice(Math.max(0, this.starts.length - count));
  }

  /** The closed windows without rows that it ends in, epoch ms; null where its newest closed window has rows, or rows came since. */
  silence(window: number): { readonly from: number; readonly to: number } | null {
    if (this.lastRow === null || this.closedTo === null) return null;
    const [from, to] = [this.lastRow + window, this.closedTo];
    return to > from ? { from, to } : null;
  }

  /** The late rows have been judged. */
  caughtUp(): void {
    this.lateFrom = null;
    this.lateRows.clear();
  }

  /** Held windows before an instant, newest first. */
  *before(instant: number): Generator<BookedWindow> {
    for (let i = placeOf(this.starts, instant) - 1; i >= 0; i -= 1) {
      const window = this.windows.get(this.starts[i] ?? 0);
      if (window) yield { ...window, relabelled: isRelabelled(window) };
    }
  }

  /** Held windows from an instant on, oldest first. */
  *from(instant: number): Generator<BookedWindow> {
    for (let i = placeOf(this.starts, instant); i < this.starts.length; i += 1) {
      const window = this.windows.get(this.starts[i] ?? 0);
      if (window) yield { ...window, relabelled: isRelabelled(window) };
    }
  }

  /** Windows whose labels were not judged, oldest first. */
  *waiting(): Generator<KeptWindow> {
    for (let i = placeOf(this.starts, this.waitsFrom); i < this.starts.length; i += 1) {
      const window = this.windows.get(this.starts[i] ?? 0);
      if (window?.judgedLabels === null) yield window;
    }
  }

  /** Windows whose labels were judged and counted again since, in no order. */
  *touched(): Generator<BookedWindow> {
    for (const start of this.recounted) {
      const window = this.windows.get(start);
      if (window) yield { ...window, relabelled: isRelabelled(window) };
    }
  }

  /** Lets go of windows that nothing is due for; they are in the store. */
  forget(): void {
    const newest = this.starts.at(-LEAST_HELD) ?? -Infinity;
    const late = this.lateFrom === null ? Infinity : this.lateFrom - this.widthMs;
    let keep = Math.min(newest, this.waitsFrom, late);
    for (const start of this.recounted) keep = Math.min(keep, start);
    if (!Number.isFinite(keep)) return;
    for (const start of this.starts.splice(0, placeOf(this.starts, keep))) {
      this.windows.delete(start);
      this.heldFrom = start + this.widthMs;
    }
  }

  private close(end: number): void {
    this.closedTo = end;
    this.filled = this.filled.slice(placeOf(this.filled, end));
    for (const start of this.early.keys()) if (start < end) this.early.delete(start);
  }

  private nextWaiting(after: number): number {
    for (const window of this.from(after)) if (window.judgedLabels === null) return window.from;
    return Infinity;
  }
}

/** Whether a window is one with rows that was judged on a track; on that of the labels, with any label. */
function speaks(window: KeptWindow | undefined, track: 'inputs' | 'labels'): boolean {
  if (!window) return false;
  return track === 'inputs' ? window.predictions > 0 : (window.judgedLabels ?? 0) > 0;
}

/** Known to say something else now; what an earlier process judged counts as changed once its labels are touched. */
function isRelabelled({ judgedLabels, truths, judgedTruths }: KeptWindow): boolean {
  return judgedLabels !== null && truths !== null && truths !== judgedTruths;
}

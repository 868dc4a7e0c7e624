import { windowStart } from './window.js';

/** A window is judged twice: its inputs when it closes, its labels when they are mature. */
export const TRACKS = ['inputs', 'labels'] as const;
export type Track = (typeof TRACKS)[number];

/** What is known of one closed window. */
export interface BookedWindow {
  readonly from: number;
  /** Newest revision over both tracks; 0 for the first. */
  readonly revision: number;
  readonly predictions: number;
  readonly labelled: number;
  /** Labels that the newest judgement of the labels track saw; null before the first. */
  readonly judgedLabels: number | null;
  /** Its labels say something else than that judgement saw: corrected ones, or a few more. */
  readonly relabelled: boolean;
}

/** Everything the schedule needs of one model version; all times epoch ms. */
export interface VersionBook {
  readonly widthMs: number;
  /** Windows judged on the inputs track, oldest first, without gaps but for long silences. */
  readonly windows: readonly BookedWindow[];
  /** Windows with rows, closed or not. */
  readonly withRows: readonly number[];
  /** Oldest window with late rows since it was judged; null when there is none. */
  readonly lateFrom: number | null;
  readonly expectedWithinMs: number;
  /** Small changes of labels had their last look long enough ago. */
  readonly lookAgain: boolean;
  /** A silence of this length is a finding; null where none is. */
  readonly silenceMs: number | null;
}

/** Consecutive windows of one track to judge now, oldest first. `rerun` when they were judged before. */
export interface DueRun {
  readonly track: Track;
  readonly starts: readonly number[];
  readonly rerun: boolean;
}

/**
 * Silence is judged for this many windows; a longer one is one gap, not thousands of empty windows. Of those, only the one in which the
 * silence has become too long is judged.
 */
const MOST_EMPTY = 24;
/** A window's labels are mature when this share of its predictions has one … */
const MATURE_SHARE = 0.9;
/** … and judged anew at once when their number has since grown by this much; smaller changes wait for each other. */
const WORTH_ANOTHER_LOOK = 1.05;

/** What is to be judged now, in order: late rows first (they change what follows), then newly closed windows, then mature labels. */
export function dueWindows(book: VersionBook, watermark: number): DueRun[] {
  return [...lateRun(book), ...closedRun(book, watermark), ...labelRuns(book, watermark)].filter(
    (run) => run.starts.length > 0,
  );
}

/**
 * A detector remembers: when a window changes, every window after it is judged anew. With them, those that an orderly world would have
 * judged by now and this one has not: rows that came before the first judged window, or into a silence that was stepped over.
 */
function lateRun(book: VersionBook): DueRun[] {
  const { lateFrom, widthMs, windows } = book;
  const last = windows.at(-1);
  if (lateFrom === null || !last) return [];
  const from = windowStart(lateFrom, widthMs);
  const before = windows.filter((window) => window.from < from);
  const again = windows.filter((window) => window.from >= from).map((window) => window.from);
  const first = (before.at(-1)?.from ?? from - widthMs) + widthMs;
  const missed = inOrder(book, { first, end: last.from + widthMs, empty: trailingEmpty(before) });
  const starts = [...new Set([...again, ...missed])].sort((a, b) => a - b);
  return [{ track: 'inputs', rerun: true, starts }];
}

function closedRun(book: VersionBook, watermark: number): DueRun[] {
  const { widthMs, withRows, windows } = book;
  const last = windows.at(-1);
  const end = windowStart(watermark, widthMs);
  const first = last ? last.from + widthMs : withRows[0];
  if (first === undefined || first >= end) return [];
  return [
    { track: 'inputs', rerun: false, starts: inOrder(book, { first, end, empty: trailingEmpty(windows) }) },
  ];
}

interface Stretch {
  readonly first: number;
  readonly end: number;
  /** Windows without rows just before `first`. */
  readonly empty: number;
}

/** Steps from window to window; a long silence is stepped over to the next window that says something. */
function inOrder(book: VersionBook, { first, end, empty: before }: Stretch): number[] {
  const filled = new Set(book.withRows);
  let empty = before;
  const starts: number[] = [];
  for (let start = first; start < end; start += book.widthMs) {
    empty = filled.has(start) ? 0 : empty + 1;
    const telling = empty <= MOST_EMPTY ? start : nextTelling(book, start, end);
    if (telling === start) starts.push(start);
    else start = telling - book.widthMs;
  }
  return starts;
}

/** The first window from `start` on, deep in a silence, that has rows or in which the silence becomes too long; `end` where none does. */
function nextTelling({ widthMs, withRows, silenceMs }: VersionBook, start: number, end: number): number {
  const next = withRows.find((other) => other >= start) ?? end;
  const before = withRows.findLast((other) => other < start);
  if (silenceMs === null || before === undefined) return next;
  const tooLong = before + Math.ceil(silenceMs / widthMs) * widthMs;
  return tooLong >= start ? Math.min(tooLong, next) : next;
}

function trailingEmpty(windows: readonly BookedWindow[]): number {
  const fromEnd = windows.toReversed().findIndex((window) => window.predictions > 0);
  return fromEnd === -1 ? windows.length : fromEnd;
}

function labelRuns(book: VersionBook, watermark: number): DueRun[] {
  const judged = book.windows.filter((window) => window.judgedLabels !== null);
  const waiting = book.windows.filter((window) => window.judgedLabels === null);
  const immature = waiting.findIndex((window) => !isMature(window, book, watermark));
  const mature = (immature === -1 ? waiting : waiting.slice(0, immature)).map((window) => window.from);
  const last = judged.at(-1)?.from ?? -Infinity;
  const missed = mature.filter((from) => from < last);
  const changed = judged.find((window) => isChanged(window, book))?.from ?? Infinity;
  const from = Math.min(changed, ...missed);
  const again = judged.filter((window) => window.from >= from).map((window) => window.from);
  return [
    { track: 'labels', rerun: true, starts: [...missed, ...again].sort((a, b) => a - b) },
    { track: 'labels', rerun: false, starts: mature.filter((start) => start > last) },
  ];
}

/** Its labels say something else than they did, and enough to judge the window again. */
function isChanged(
  { labelled, judgedLabels, relabelled }: BookedWindow,
  { lookAgain }: VersionBook,
): boolean {
  return (lookAgain && relabelled) || labelled > Math.max(1, judgedLabels ?? 0) * WORTH_ANOTHER_LOOK;
}

function isMature(window: BookedWindow, book: VersionBook, watermark: number): boolean {
  const end = window.from + book.widthMs;
  return window.labelled >= MATURE_SHARE * window.predictions || watermark >= end + book.expectedWithinMs;
}

/** Windows that late minutes touch and that were judged already; minutes beyond the allowed lateness are told apart. */
export function lateMinutes(
  minutes: readonly number[],
  closedTo: number | null,
  latenessMs: number,
  watermark: number,
): { readonly late: number | null; readonly beyond: number } {
  if (closedTo === null) return { late: null, beyond: 0 };
  const old = minutes.filter((minute) => minute < closedTo);
  const allowed = old.filter((minute) => minute >= watermark - latenessMs);
  return { late: allowed.length > 0 ? Math.min(...allowed) : null, beyond: old.length - allowed.length };
}

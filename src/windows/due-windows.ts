import { MOST_EMPTY } from '../domain/judged-empty.js';
import { enoughLabels, haveCome, isAsOthers, type LabelRhythm } from './label-rhythm.js';
import { windowStart, type Watermarks } from './window.js';

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

/** One whose labels were not judged. */
export type WaitingWindow = Omit<BookedWindow, 'relabelled'>;

/** Everything the schedule needs of one model version; all times epoch ms. */
export interface VersionBook {
  readonly widthMs: number;
  /** End of the newest window judged on the inputs track; null before the first. They have no gaps but for long silences. */
  readonly closedTo: number | null;
  /** Newest judged window with rows; null before the first. */
  readonly lastClosedRow: number | null;
  /** Windows with rows after the judged ones, oldest first. */
  readonly open: readonly number[];
  /** Windows before `closedTo` that got late rows, in no order. */
  readonly late: Iterable<number>;
  /** Oldest instant with late rows since its window was judged; null when there is none. */
  readonly lateFrom: number | null;
  /** Newest window whose labels were judged; null before the first. */
  readonly labelledTo: number | null;
  /** Newest held window that ever had labels; null where none had. */
  readonly lastLabelled: number | null;
  /** Judged windows from an instant on, oldest first. */
  from(instant: number): Iterable<BookedWindow>;
  /** The judged windows before an instant, newest first. */
  before(instant: number): Iterable<BookedWindow>;
  /** Those whose labels were not judged, oldest first. */
  waiting(): Iterable<WaitingWindow>;
  /** Those whose labels were judged and counted again since, in no order. */
  touched(): Iterable<BookedWindow>;
}

/** What of a model and of the moment decides what is due. */
export interface DueTerms {
  readonly expectedWithinMs: number;
  /** How labels of the version come; null while too few have all of theirs, absent before anybody looked: then none is judged out of turn. */
  readonly rhythm?: LabelRhythm | null | undefined;
  /** Labels were looked at again long enough ago: for corrected ones, and for a few more of windows that had nearly all. */
  readonly lookAgain: boolean;
  readonly lookForMore: boolean;
  /** A silence of this length is a finding; null where none is. */
  readonly silenceMs: number | null;
}

/** Consecutive windows of one track to judge now, oldest first. `rerun` when they were judged before. */
export interface DueRun {
  readonly track: Track;
  readonly starts: readonly number[];
  readonly rerun: boolean;
}

/** Labels that were judged before they were mature are judged anew at once when their number has since grown by this much; what else changes waits for more of it. */
const WORTH_ANOTHER_LOOK = 1.05;

/** What is to be judged now, in order: late rows first (they change what follows), then newly closed windows, then mature labels. */
export function dueWindows(book: VersionBook, terms: DueTerms, marks: Watermarks): DueRun[] {
  const runs = [
    lateRun(book, terms),
    closedRun(book, terms, marks.rows),
    ...labelRuns(book, terms, marks.labels),
  ];
  return runs.filter((run) => run.starts.length > 0);
}

/** Starts of the windows of runs that were never judged before. */
export function newlyClosed(runs: readonly DueRun[]): readonly number[] {
  return runs.find(({ track, rerun }) => track === 'inputs' && !rerun)?.starts ?? [];
}

/** What of runs begins before an instant, epoch ms. */
export function dueBefore(runs: readonly DueRun[], end: number): readonly DueRun[] {
  const kept = runs.map((run) => ({ ...run, starts: run.starts.filter((start) => start < end) }));
  return kept.filter(({ starts }) => starts.length > 0);
}

const ascending = (a: number, b: number) => a - b;

/**
 * A detector remembers: when a window changes, every window after it is judged anew. With them, those that an orderly world would have
 * judged by now and this one has not: rows that came before the first judged window, or into a silence that was stepped over.
 */
function lateRun(book: VersionBook, terms: DueTerms): DueRun {
  const { lateFrom, widthMs, closedTo } = book;
  if (lateFrom === null || closedTo === null) return { track: 'inputs', rerun: true, starts: [] };
  const from = windowStart(lateFrom, widthMs);
  const again = [...book.from(from)];
  const told = again.filter(({ predictions }) => predictions > 0).map((window) => window.from);
  const filled = [...new Set([...told, ...book.late])].sort(ascending);
  const { empty, newest, lastRow } = tailOf(book, from);
  const stretch = { first: (newest ?? from - widthMs) + widthMs, end: closedTo, empty, filled, lastRow };
  const missed = inOrder(stretch, book, terms);
  const starts = [...new Set([...again.map((window) => window.from), ...missed])].sort(ascending);
  return { track: 'inputs', rerun: true, starts };
}

function closedRun(book: VersionBook, terms: DueTerms, watermark: number): DueRun {
  const { widthMs, open: filled, closedTo, lastClosedRow: lastRow } = book;
  const end = windowStart(watermark, widthMs);
  const first = closedTo ?? filled[0];
  if (first === undefined || first >= end) return { track: 'inputs', rerun: false, starts: [] };
  const { empty } = tailOf(book, first);
  return {
    track: 'inputs',
    rerun: false,
    starts: inOrder({ first, end, empty, filled, lastRow }, book, terms),
  };
}

interface Stretch {
  readonly first: number;
  readonly end: number;
  /** Windows without rows just before `first`, counted no further than MOST_EMPTY + 1. */
  readonly empty: number;
  /** Windows with rows in the stretch, ascending. */
  readonly filled: readonly number[];
  /** Newest window with rows before it, as far as one is known. */
  readonly lastRow: number | null;
}

/** How the judged windows before an instant end. */
function tailOf(
  book: VersionBook,
  instant: number,
): Pick<Stretch, 'empty' | 'lastRow'> & { newest: number | null } {
  let [empty, newest]: [number, number | null] = [0, null];
  for (const { from, predictions } of book.before(instant)) {
    newest ??= from;
    if (predictions > 0) return { empty, newest, lastRow: from };
    empty += 1;
    if (empty > MOST_EMPTY) break;
  }
  return { empty, newest, lastRow: null };
}

/**
 * Steps from window to window; a silence of more than MOST_EMPTY windows is stepped over to the next that says something: that has rows, or in
 * which it has become too long.
 */
function inOrder(stretch: Stretch, { widthMs }: VersionBook, terms: DueTerms): number[] {
  const filled = new Set(stretch.filled);
  let { empty } = stretch;
  const starts: number[] = [];
  for (let start = stretch.first; start < stretch.end; start += widthMs) {
    empty = filled.has(start) ? 0 : empty + 1;
    const telling = empty <= MOST_EMPTY ? start : nextTelling(stretch, start, { widthMs, ...terms });
    if (telling === start) starts.push(start);
    else start = telling - widthMs;
  }
  return starts;
}

/** The first window from `start` on, deep in a silence, that has rows or in which the silence becomes too long; the end where none does. */
function nextTelling(
  { filled, lastRow, end }: Stretch,
  start: number,
  { widthMs, silenceMs }: DueTerms & { readonly widthMs: number },
): number {
  const next = filled.find((other) => other >= start) ?? end;
  const before = filled.findLast((other) => other < start) ?? lastRow;
  if (silenceMs === null || before === null) return next;
  const tooLong = before + Math.ceil(silenceMs / widthMs) * widthMs;
  return tooLong >= start ? Math.min(tooLong, next) : next;
}

function labelRuns(book: VersionBook, terms: DueTerms, watermark: number): DueRun[] {
  const mature = matureLabels(book, terms, watermark);
  const last = book.labelledTo ?? -Infinity;
  const missed = mature.filter((from) => from < last);
  const changed = Math.min(changedLabels(book, terms), missed[0] ?? Infinity);
  const judged = changed === Infinity ? [] : [...book.from(changed)];
  const again = judged.filter(({ judgedLabels }) => judgedLabels !== null).map(({ from }) => from);
  return [
    { track: 'labels', rerun: true, starts: [...missed, ...again].sort(ascending) },
    { track: 'labels', rerun: false, starts: mature.filter((start) => start > last) },
  ];
}

/** The oldest window whose labels say something else than they did, and enough to judge it again; Infinity where none does. */
function changedLabels(book: VersionBook, terms: DueTerms): number {
  let changed = Infinity;
  for (const window of book.touched())
    if (isWorthLooking(window, terms)) changed = Math.min(changed, window.from);
  return changed;
}

/** What grew little and has nearly all waits for more of it; what came in spite of what is known of others is judged at once, for that was wrong of this window. */
function isWorthLooking(window: BookedWindow, { lookAgain, lookForMore, rhythm = null }: DueTerms): boolean {
  const { relabelled, labelled, judgedLabels, predictions } = window;
  const before = judgedLabels ?? 0;
  const had = { predictions, labelled: before };
  const isEnough = before >= enoughLabels(predictions, rhythm);
  const isNews = !isEnough || labelled > (rhythm?.share ?? 1) * predictions * WORTH_ANOTHER_LOOK;
  if (isNews && labelled > Math.max(1, before) * WORTH_ANOTHER_LOOK) return true;
  const isNearlyAll = isEnough || (rhythm !== null && isAsOthers(had, rhythm));
  return relabelled && (labelled > before && isNearlyAll ? lookForMore : lookAgain);
}

/** So many windows after one have their labels: its own are late, or lost, and those after it are judged without it. */
const OVERTAKEN = 3;

/** Windows whose labels are mature and were not judged, in order: a mature one waits for an immature one before it, unless labels have overtaken that. */
function matureLabels(book: VersionBook, terms: LabelTerms, watermark: number): number[] {
  const isDue = (window: WaitingWindow) => !isAwaited(window, book.widthMs, { ...terms, watermark });
  const waiting = untilHeldUp(book, isDue);
  const before = heldUpFrom(book, waiting, terms.rhythm === undefined ? Infinity : OVERTAKEN, isDue);
  return waiting.flatMap((window) => (window.from < before && isDue(window) ? [window.from] : []));
}

/**
 * The waiting windows up to the first that is awaited where no later one has labels: it holds up all after it, which are as many as labels take long to come, and not to be walked
 * through in every beat.
 */
function untilHeldUp(book: VersionBook, isDue: (window: WaitingWindow) => boolean): readonly WaitingWindow[] {
  const newest = Math.max(book.lastLabelled ?? -Infinity, book.labelledTo ?? -Infinity);
  const found: WaitingWindow[] = [];
  for (const window of book.waiting()) {
    found.push(window);
    if (window.from > newest && !isDue(window)) break;
  }
  return found;
}

/** The first window that those after it wait for; Infinity where there is none. Labels before one that is judged come out of turn, and hold up nothing. */
function heldUpFrom(
  { labelledTo }: VersionBook,
  waiting: readonly WaitingWindow[],
  most: number,
  isDue: (window: WaitingWindow) => boolean,
): number {
  let [held, after] = [Infinity, 0];
  for (const window of waiting.toReversed()) {
    if (window.from < (labelledTo ?? -Infinity) && most !== Infinity) break;
    if (isDue(window)) after += Number(window.labelled > 0);
    else if (after < most) held = window.from;
    else break;
  }
  return held;
}

/** The first closed window whose labels are still to come; Infinity where none is. */
export function firstAwaited(book: VersionBook, terms: LabelTerms, watermark: number): number {
  for (const window of book.waiting())
    if (isAwaited(window, book.widthMs, { ...terms, watermark })) return window.from;
  return Infinity;
}

type LabelTerms = Pick<DueTerms, 'expectedWithinMs' | 'rhythm'>;

function isAwaited(
  window: WaitingWindow,
  widthMs: number,
  { expectedWithinMs, rhythm = null, watermark }: LabelTerms & { readonly watermark: number },
): boolean {
  const ageMs = watermark - window.from - widthMs;
  return ageMs < expectedWithinMs && !haveCome(window, ageMs, rhythm);
}

/** The oldest late minute of windows that were judged already, and the minutes beyond the allowed lateness, which change nothing. */
export function lateMinutes(
  minutes: readonly number[],
  closedTo: number | null,
  latenessMs: number,
  watermark: number,
): { readonly late: number | null; readonly beyond: readonly number[] } {
  if (closedTo === null) return { late: null, beyond: [] };
  const old = minutes.filter((minute) => minute < closedTo);
  const allowed = old.filter((minute) => minute >= watermark - latenessMs);
  return {
    late: allowed.length > 0 ? allowed.reduce((a, b) => Math.min(a, b)) : null,
    beyond: old.filter((minute) => minute < watermark - latenessMs),
  };
}

import { spreadAfter, type ArrivalSpread } from './arrival-spread.js';

/** Rows of one source at one instant, as they arrived: start of its second or minute in epoch ms, and how many. */
export type MinuteRows = readonly [instant: number, rows: number];

/** How far one source of a stream has come; instants are epoch ms. */
export interface StreamProgress {
  /** Newest event time that is believed (start of its second or minute). */
  readonly newest: number;
  /** When the reader saw it grow. */
  readonly grewAt: number;
  /** Newest minute of any row that was not ahead of the reader's clock: believed once nothing follows. */
  readonly furthest: number;
  /** When the reader last saw rows of it. */
  readonly heardAt: number;
  /** How long after its own time a row may still arrive in order, as the source lately showed; 0 for one that is live. */
  readonly delay: number;
  /** The newest instants seen with their rows, newest first. */
  readonly recent: readonly MinuteRows[];
  readonly rhythm: Rhythm;
  /** How far behind its newest rows others came; absent before the second look. */
  readonly spread?: ArrivalSpread;
}

/** What the delays of a source were taken from. */
interface Rhythm {
  /** Longest delay of each of the last deliveries before the one under way, the newest last. */
  readonly before: readonly number[];
  /** Longest delay of the delivery under way. */
  readonly now: number;
  /** Since when every row came in time; null where one did not. */
  readonly liveSince: number | null;
}

/** One look at what arrived. */
export interface Reading {
  /** When the look began: everything stored until then is in it. */
  readonly at: number;
  /** The same of the look before: rows of this one arrived after it. */
  readonly before: number;
}

/** Where the stream of a version begins: start of a window, epoch ms. */
export interface StreamStart {
  readonly model: string;
  readonly version: string;
  readonly start: number;
}

/** How late the rows of a version come, in ms. */
export interface VersionDelay {
  readonly model: string;
  readonly version: string;
  readonly delay: number;
}

const MINUTE = 60_000;
/** A row that comes within this time is in time. */
const IN_TIME_MS = 3 * MINUTE;
/** Deliveries with at least this much between them are several. */
const APART_MS = 5 * MINUTE;
/** A source that was in time for so long is live, whatever it was before. */
const SETTLED_MS = 15 * MINUTE;
const DELIVERIES = 3;
/** The next delivery may be a fifth later than those before. */
const SLACK = 1.2;
const MOST_INSTANTS = 300;
/** Rows that a minute and those after it need to be believed: one clock that runs ahead must not close what others still fill. */
const LEAST_ROWS_AHEAD = 3;
const LEAST_SHARE_AHEAD = 0.01;
/** A delay of more than this that is so many times that of what came after it was a history, not a rhythm. */
const HISTORY_MS = 12 * 3_600_000;
const HISTORY_TIMES = 4;
const NO_RHYTHM: Rhythm = { before: [], now: 0, liveSince: null };

/** A source of which only this is known: how far it came, and how late its rows may be. */
export function resumedProgress(newest: number, grewAt: number, delay = 0): StreamProgress {
  return {
    newest,
    grewAt,
    furthest: newest,
    heardAt: grewAt,
    delay,
    recent: [],
    rhythm: { ...NO_RHYTHM, before: delay > 0 ? [delay / SLACK] : [] },
  };
}

/** Whether no delivery before the last one was late: that it comes in deliveries is not known of it. */
export function isLateOnce({ rhythm }: StreamProgress): boolean {
  return rhythm.before.every((late) => late <= IN_TIME_MS);
}

/** Whether a delay was that of a history that was loaded, as one that came after it shows: who loads a month goes on with what is of today. */
export function isHistoryBefore(delay: number, later: number): boolean {
  return delay > HISTORY_MS && delay > HISTORY_TIMES * later;
}

/** The source after new rows. `earlier`: what an earlier process knew of the same stream. Pure. */
export function advanced(
  known: StreamProgress | undefined,
  rows: readonly MinuteRows[],
  reading: Reading,
  earlier?: StreamProgress,
): StreamProgress {
  const recent = merged(known?.recent ?? [], rows);
  // Nothing happened later than now.
  const newest = Math.min(highWater(recent), reading.at);
  let furthest = Math.max(newest, known?.furthest ?? -Infinity);
  for (const [minute] of rows) if (minute <= reading.at) furthest = Math.max(furthest, minute);
  const heardAt = reading.at;
  const spread = known && {
    spread: spreadAfter(known.spread, rows, { newest: known.newest, at: reading.at }),
  };
  if (known && newest <= known.newest) return { ...known, ...spread, recent, furthest, heardAt };
  let oldest = newest;
  for (const [minute] of rows) if (minute > (known?.newest ?? -Infinity)) oldest = Math.min(oldest, minute);
  const late = lateness(oldest, reading);
  const rhythm = late === null ? ((known ?? earlier)?.rhythm ?? NO_RHYTHM) : heard(known, late, reading.at);
  const longest = Math.max(rhythm.now, ...rhythm.before);
  const delay = longest <= IN_TIME_MS ? 0 : SLACK * longest;
  return { newest, grewAt: reading.at, furthest, heardAt, delay, recent, rhythm, ...spread };
}

/** How late rows came at least; null where nobody can say. */
function lateness(oldest: number, { at, before }: Reading): number | null {
  // What this look found was not there at the look before: so late it is at least, however long the reader was away.
  if (Number.isFinite(before)) return Math.max(0, before - (oldest + MINUTE));
  // The first look of a process also finds what came before it began.
  return at - (oldest + MINUTE) <= IN_TIME_MS ? 0 : null;
}

/** A source of which nothing more came for so long has ended for now: its last row, be it alone, says how far it is. */
export const QUIET_MS = 2_000;

/** How far a source is when everything that arrived by `readUntil` is read: rows that are ahead of the others count once nothing follows them. */
export function reached({ newest, furthest, heardAt }: StreamProgress, readUntil: number): number {
  return readUntil - heardAt >= QUIET_MS ? furthest : newest;
}

function heard(known: StreamProgress | undefined, late: number, at: number): Rhythm {
  const { before, now, liveSince } = known?.rhythm ?? NO_RHYTHM;
  const apart = known !== undefined && at - known.grewAt >= APART_MS;
  const earlier = apart ? [...before, now].slice(-DELIVERIES + 1) : before;
  const current = apart ? late : Math.max(now, late);
  const deliveries = earlier.filter((one) => !isHistoryBefore(one, current));
  const since = late <= IN_TIME_MS ? (liveSince ?? at) : null;
  if (since !== null && at - since >= SETTLED_MS) return { before: [], now: late, liveSince: since };
  return { before: deliveries, now: current, liveSince: since };
}

function merged(recent: readonly MinuteRows[], rows: readonly MinuteRows[]): readonly MinuteRows[] {
  const counts = new Map(recent);
  for (const [minute, count] of rows) counts.set(minute, (counts.get(minute) ?? 0) + count);
  return [...counts].sort(([a], [b]) => b - a).slice(0, MOST_INSTANTS);
}

/** The newest minute that enough rows reach; of fewer rows than that, the oldest. */
function highWater(recent: readonly MinuteRows[]): number {
  const all = recent.reduce((sum, [, rows]) => sum + rows, 0);
  const needed = Math.min(all, Math.max(LEAST_ROWS_AHEAD, LEAST_SHARE_AHEAD * all));
  let reached = 0;
  for (const [minute, rows] of recent) {
    reached += rows;
    if (reached >= needed) return minute;
  }
  return -Infinity;
}

import { BookedVersion } from './booked-version.js';
import type { LabelRhythm } from './label-rhythm.js';
import { FIRST_ALLOWANCE, type LabelAllowance } from './label-allowance.js';
import {
  advanced,
  type MinuteRows,
  type Reading,
  type StreamProgress,
  type StreamStart,
  type VersionDelay,
} from './stream-progress.js';

/** Under this name stands what an earlier process judged. */
export const EARLIER_PROCESS = '';

/** A stretch of event time, half-open, epoch ms. */
export interface BookStretch {
  readonly from: number;
  readonly to: number;
}

/** That nothing was due of a version, by which terms, and how far all that was sent is to be read before that can be otherwise, epoch ms. */
export interface Rest {
  readonly model: object;
  readonly silenceMs: number | null;
  readonly rhythm: LabelRhythm | null | undefined;
  readonly until: number;
}

/** Rows of one model version: their minutes, and by source how many were in each; epoch seconds. */
export interface EntryRows {
  readonly minutes: readonly number[];
  readonly sources: Readonly<Record<string, readonly MinuteRows[]>>;
}

/** What earlier processes kept of versions beside their windows; `at`: when the senders were last heard. */
export interface LeftBehind {
  readonly at: Date;
  readonly delays: readonly VersionDelay[];
  readonly starts: readonly StreamStart[];
}

/** What a book holds of one model version. */
export interface Entry {
  readonly booked: BookedVersion;
  /** When labels were last judged again, epoch ms. */
  lookedAgainAt: number;
  /** How often they may be judged apart from rows. */
  allowance: LabelAllowance;
  /** By source; what an earlier process judged stands as one silent source. */
  readonly sources: Map<string, StreamProgress>;
  /** Null once something changed since it was asked last. */
  rest: Rest | null;
}

/** That of a version of which nothing is known yet. */
export function newEntry(widthMs: number): Entry {
  return {
    booked: new BookedVersion(widthMs),
    lookedAgainAt: -Infinity,
    allowance: FIRST_ALLOWANCE,
    sources: new Map(),
    rest: null,
  };
}

/** Newest event time that any source reached, epoch ms; -Infinity where there is none. */
export function newestOf({ sources }: Pick<Entry, 'sources'>): number {
  let newest = -Infinity;
  for (const source of sources.values()) newest = Math.max(newest, source.newest);
  return newest;
}

/** Takes in rows by source: how many were in each minute or second (epoch seconds). */
export function hear(
  { sources }: Pick<Entry, 'sources'>,
  rows: Readonly<Record<string, readonly MinuteRows[]>>,
  reading: Reading,
): void {
  const earlier = sources.get(EARLIER_PROCESS);
  for (const [source, counted] of Object.entries(rows)) {
    const counts = counted.map(([instant, count]): MinuteRows => [instant * 1000, count]);
    sources.set(source, advanced(sources.get(source), counts, reading, earlier));
  }
}

const MINUTE = 60_000;

/** How many rows came for some minutes (epoch ms), of each at least the one that it was named for; by source, instants in epoch seconds. */
export function rowsOfMinutes(
  minutes: readonly number[],
  rows: Readonly<Record<string, readonly MinuteRows[]>>,
): number {
  const counts = new Map(minutes.map((minute) => [minute, 0]));
  for (const [instant, count] of Object.values(rows).flat()) {
    const minute = Math.floor((1000 * instant) / MINUTE) * MINUTE;
    const known = counts.get(minute);
    if (known !== undefined) counts.set(minute, known + count);
  }
  return [...counts.values()].reduce((sum, count) => sum + Math.max(1, count), 0);
}

/** Who sends a history by turns, one version after the other, has sent of each within this long. */
const SENDING_MS = 300_000;

/**
 * Rows in a window; where it is not judged or closed yet, is not held any more, or is ahead of what came and more may be on its way, as many as anybody could have.
 * `at`: when it was looked last what came, epoch ms.
 */
export function rowsIn(entry: Entry, from: number, at: number): number {
  const judged = entry.booked.get(from);
  if (judged) return judged.predictions;
  const sends = [...entry.sources.values()].some(({ heardAt }) => at - heardAt <= SENDING_MS);
  return sends && from > newestOf(entry) ? Infinity : entry.booked.rowsIn(from);
}

/** Makes sources silent since an instant, epoch ms, or before. */
export function endSources(entry: Entry, names: readonly string[], at: number): void {
  for (const name of names) {
    const known = entry.sources.get(name);
    if (!known) continue;
    entry.sources.set(name, { ...known, grewAt: Math.min(known.grewAt, at) });
    entry.rest = null;
  }
}

import type { Measure } from '../domain/measure.js';
import type { CheckResult } from '../domain/check-result.js';
import type { FeatureProfile, PerformanceProfile } from '../domain/profile.js';
import { KAPPAS } from '../stats/power-e-value.js';
import type { ClockChange } from './clock-change.js';
import type { Day } from './day.js';
import type { DayKind } from './kind-of-day.js';
import type { StreamsMemory } from './label-stream.js';

/** Rows that wait for the next window because there were too few of them to test. */
export interface PendingRows {
  readonly features: Readonly<Record<string, FeatureProfile>>;
  readonly performance: PerformanceProfile | null;
  /** By rule; absent in states of before there were rules. */
  readonly measures?: Readonly<Record<string, Measure>>;
  /** Start of the first window whose rows wait, minutes since the epoch, by what waits; without an entry for what has waited since before that was kept. */
  readonly since?: Readonly<Record<string, number>>;
}

/** How a state is laid out: another number is another layout, which nobody may read as this one. */
export const STATE_FORMAT = 2;

/** Everything the engine remembers of a model version between windows; plain JSON, so a replay gives the same result. */
export interface SeriesState {
  readonly format: typeof STATE_FORMAT;
  /** Start of the last window, minutes since the epoch. */
  readonly minute: number;
  /** One packed array a series, laid out as in {@link AT}. */
  readonly series: Readonly<Record<string, readonly number[]>>;
  readonly pending: PendingRows;
  /** The daily companion's memory; absent where there is none. */
  readonly daily?: DailyState;
  /** End of the newest window with rows, minutes since the epoch; absent in states of before silence was told. */
  readonly rowsUntil?: number;
  /** Days that behave like another weekday; absent where none did of late. */
  readonly kind?: DayKind;
  /** What detectors on labels remember, with a layout of their own; absent where no policy asks for one. */
  readonly detectors?: StreamsMemory;
  /** Clocks that changed after the reference; absent while none did. */
  readonly clock?: ClockChange;
}

/** What the daily companion remembers between windows. */
export interface DailyState {
  /** The day that is not over yet. */
  readonly day: Day | null;
  readonly series: SeriesState | null;
  /** What the last full day was found to be. */
  readonly results: readonly StoredResult[];
}

/** A result as JSON keeps it: times in epoch milliseconds. */
export type StoredResult = Omit<CheckResult, 'since' | 'restsFrom'> & {
  readonly since: number | null;
  readonly restsFrom?: number;
};

/** Whether a stored state is laid out as this engine reads it. */
export function isKnownLayout(state: unknown): state is SeriesState {
  return typeof state === 'object' && state !== null && 'format' in state && state.format === STATE_FORMAT;
}

export const NOTHING_PENDING: PendingRows = { features: {}, performance: null, measures: {} };

/** Whether a series is open, and in which bank. */
export const MODE = { ok: 0, notice: 1, alert: 2 } as const;

const K = KAPPAS.length;

/** Offsets of the head of a packed series. */
export const AT = {
  mode: 0,
  /** Start of the last window observed, minutes since the epoch. */
  minute: 1,
  /** The level of `u` as known after it. */
  level: 2,
  /** Windows observed. */
  count: 3,
  /** Σu over all of them. */
  total: 4,
  /** Direction of the open change, and since when (minutes). */
  sign: 5,
  since: 6,
  /** Half the shift at opening: what recovery is tested against, in the unit of `u`. Below 0: all of it, for what opened beside something stronger that is over. */
  half: 7,
  /** Page evidence that opened it. */
  opening: 8,
  recovery: 9,
  directions: 9 + K,
} as const;

/** Offsets inside one direction: the two banks, then the change-point tracker. */
export const WITHIN = {
  page: 0,
  notice: K,
  sum: 2 * K,
  start: 3 * K,
  startCount: 4 * K,
  startTotal: 5 * K,
} as const;
export const DIRECTION_SIZE = 6 * K;

/** A series never seen: no evidence, nothing open. */
export function freshSeries(directions: number): number[] {
  // A function called for each number costs more than all else of a first window.
  return Array<number>(AT.directions + DIRECTION_SIZE * directions).fill(0);
}

/**
 * Makes the series what is stored, in place: six significant digits are far below what the evidence means, and a change point that has
 * fallen to zero starts anew anyway.
 */
export function packSeries(packed: number[]): void {
  for (let i = 0; i < packed.length; i += 1) packed[i] = sixDigits(packed[i] ?? 0);
  for (let at = AT.directions; at < packed.length; at += DIRECTION_SIZE) {
    for (let k = at + WITHIN.sum; k < at + WITHIN.sum + K; k += 1) {
      if ((packed[k] ?? 0) > 0) continue;
      for (let part = 0; part <= WITHIN.startTotal - WITHIN.sum; part += K) packed[k + part] = 0;
    }
  }
}

/** Powers of ten a double holds exactly: dividing a whole number by one gives the nearest decimal. */
const TENS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** Rounded to six significant digits; what is below 1e-17 is nothing. */
function sixDigits(x: number): number {
  if (Number.isInteger(x)) return x;
  const digits = 5 - Math.floor(Math.log10(Math.abs(x)));
  if (digits > 22) return 0;
  if (digits <= 0) return Math.round(x);
  const scale = TENS[digits] ?? 1;
  return Math.round(x * scale) / scale;
}

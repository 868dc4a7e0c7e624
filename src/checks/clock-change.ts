import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import { CLOCK_ZONES } from '../domain/clock-zones.js';
import { isAnswer } from '../domain/feature-text.js';
import { type CalendarSlot, type CalendarTerms, calendarSlot } from './calendar-slot.js';
import type { SeriesModel } from './series.js';
import { deviations, likelierBy, type MeasureAt, sum } from './slot-deviations.js';

/** What is remembered of clocks that changed after the reference, while they may have. */
export interface ClockChange {
  /** Since when they may have, minutes since the epoch. */
  readonly began: number;
  /** Hours that the stream is ahead of the reference; 0 where it follows UTC. */
  readonly hours: number;
  /** Since when it is, or was for the last time, minutes since the epoch; null where it never was. */
  readonly since: number | null;
  /** Since when it is no more; null while it is, or never was. */
  readonly ended: number | null;
  /** Nats in favour of an hour ahead and of an hour behind, each of one half of the features and of the other. */
  readonly evidence: readonly number[];
  /** Zones whose clocks stood otherwise than in the reference when it was gathered; absent in memories of before that was asked. */
  readonly zones?: number;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
const WEEK_HOURS = 168;
/** A stream follows clocks at once or not at all: so long is asked whether it does. */
const ASKED_MINUTES = 14 * 24 * 60;
/** Nats in favour of another hour: beyond all doubt. */
const CONVINCED = 9;
/** So many of them by each half of the features: one that changed by itself at that time convinces nobody. */
const EACH_HALF = 1;
const DIRECTIONS = [1, -1] as const;
/** Evidence against it beyond which no more is kept. */
const LEAST_NATS = -1e6;

/** What clocks somewhere have done since the reference. */
interface ChangedClocks {
  /** Hours that they have changed by: 1, −1, both or none. */
  readonly possible: readonly number[];
  /** Zones whose clocks stand otherwise than in the reference. */
  readonly zones: number;
}

interface Asked extends ChangedClocks {
  readonly before: ClockChange | null;
  readonly minute: number;
  /** Where the window would stand so many hours later. */
  readonly at: (hours: number) => CalendarSlot;
  readonly measureAt: MeasureAt;
}

/**
 * Whether the days of a stream moved by an hour when clocks somewhere did, though its model names no zone: its reference is of the winter and the
 * window of the summer, or the other way round. Where all features together are far likelier an hour on, windows are judged there, until they
 * are as much likelier where they were. It is never asked of a model with a zone, nor for longer than two weeks after the change.
 */
export function clockChange(asked: Asked, series: readonly SeriesModel[]): ClockChange | null {
  const { before, minute, possible } = asked;
  if (possible.length === 0) return remembered(before, minute);
  const known = before ?? { began: minute, hours: 0, since: null, ended: null, evidence: [0, 0, 0, 0] };
  const standing = possible.includes(known.hours) ? known : over(known, minute);
  if (standing.hours === 0 && minute - standing.began > ASKED_MINUTES) return standing;
  const evidence = gathered(standing, asked, series);
  const { zones } = asked;
  const surest = standing.hours === 0 ? convinced(evidence) : standing.hours;
  if (surest === 0) return { ...standing, evidence, zones };
  if (standing.hours !== 0 && nats(evidence, surest) <= 0)
    return { ...over(standing, minute), evidence, zones };
  const since = standing.hours === 0 ? minute : standing.since;
  const capped = evidence.map((one) => Math.min(one, CONVINCED / 2));
  return { ...standing, hours: surest, since, ended: null, evidence: capped, zones };
}

/** Clocks are everywhere as they were: what was told of them is told to be over, for as long as one may look for it. */
function remembered(before: ClockChange | null, minute: number): ClockChange | null {
  if (!before || before.since === null) return null;
  const after = over(before, minute);
  return minute - (after.ended ?? minute) > ASKED_MINUTES ? null : after;
}

function over(change: ClockChange, minute: number): ClockChange {
  return change.hours === 0 ? change : { ...change, hours: 0, ended: minute };
}

/** The one notice of it, and that it is over while clocks may still be other than the reference's. */
export function clockChangeResults(change: ClockChange | null, rows: number): CheckResult[] {
  if (!change || change.since === null) return [];
  const { hours, since } = change;
  const found = hours !== 0;
  return [
    {
      check: 'volume',
      feature: null,
      statistic: 'clock_change',
      value: null,
      n: rows,
      state: found ? 'NOTICE' : 'OK',
      evidence: null,
      effect: null,
      since: found ? new Date(MINUTE * since) : null,
      explanation: found
        ? `the days of this stream are an hour ${hours > 0 ? 'earlier' : 'later'} than in its reference, as where clocks change, and are judged so; name its zone under timezone`
        : null,
    },
  ];
}

/** Clocks that stand otherwise than they did throughout the reference; none where a zone is named. */
export function changedClocks(
  { timezone, window }: CalendarTerms,
  { windows }: Pick<Baseline, 'windows'>,
  at: Date,
): ChangedClocks {
  if (timezone !== 'UTC' || window > HOUR) return { possible: [], zones: 0 };
  const hour = Math.floor(at.getTime() / HOUR);
  const shifts = standingOffsets(windows).map(([zone, was]) => offset(zone, hour) - was);
  return {
    possible: DIRECTIONS.filter((hours) => shifts.includes(hours)),
    zones: shifts.filter((hours) => hours !== 0).length,
  };
}

type Windows = Baseline['windows'];

/** Offsets of a reference, which never change; the last of each zone, since windows of many models are of one hour. */
const ofReferences = new WeakMap<Windows, readonly (readonly [zone: string, hours: number])[]>();
const lastOffsets = new Map<string, { readonly hour: number; readonly offset: number }>();

/** Zones whose clocks did not change throughout a reference, and how far they were ahead of UTC. */
function standingOffsets(windows: Windows): readonly (readonly [zone: string, hours: number])[] {
  const known = ofReferences.get(windows);
  if (known) return known;
  const [first, last] = [windows[0], windows.at(-1)].map((one) => (one?.from.getTime() ?? NaN) / HOUR);
  const found = CLOCK_ZONES.flatMap((zone) => {
    if (first === undefined || last === undefined || Number.isNaN(first)) return [];
    const was = offset(zone, first);
    return was === offset(zone, last) ? [[zone, was] as const] : [];
  });
  ofReferences.set(windows, found);
  return found;
}

/** Hours a zone is ahead of UTC in an hour since the epoch. */
function offset(timezone: string, hour: number): number {
  const last = lastOffsets.get(timezone);
  if (last?.hour === hour) return last.offset;
  const [at, terms] = [new Date(hour * HOUR), { window: HOUR, timezone }];
  const ahead = calendarSlot(at, terms).dated - calendarSlot(at, { ...terms, timezone: 'UTC' }).dated;
  const hours = ((ahead + 1.5 * WEEK_HOURS) % WEEK_HOURS) - WEEK_HOURS / 2;
  lastOffsets.set(timezone, { hour, offset: hours });
  return hours;
}

/**
 * The evidence of before with that of this window. It counts from the last time that clocks changed somewhere: a stream that follows them does so
 * then, and what speaks against it is not forgotten until they change somewhere again.
 */
function gathered(
  { evidence, hours: followed, zones: counted }: ClockChange,
  { at, measureAt, possible, zones }: Asked,
  series: readonly SeriesModel[],
): readonly number[] {
  const slot = at(0);
  const witnesses = witnessesOf(series);
  const own = deviations(witnesses, measureAt(slot), slot.week);
  return DIRECTIONS.flatMap((hours, d) => {
    const before = evidence.slice(2 * d, 2 * d + 2);
    if (!possible.includes(hours)) return [0, 0];
    const there = at(hours);
    const moved = deviations(witnesses, measureAt(there), there.week);
    const gains = likelierBy(own, moved).map((gain) =>
      hours === followed || isExplained(moved) ? gain : Math.min(0, gain),
    );
    return before.map((nat, half) => {
      const known = zones === counted ? Math.max(LEAST_NATS, nat) : Math.max(0, nat);
      return known + sum(gains.filter((_, i) => i % 2 === half));
    });
  });
}

/** What a model is given and how often: answers follow from that, and where they alone have changed the model has. */
function witnessesOf(series: readonly SeriesModel[]): readonly SeriesModel[] {
  const given = series.filter(({ feature }) => feature === null || !isAnswer(feature));
  return given.some(({ feature }) => feature !== null) ? given : series;
}

/** Deviations that an hour may leave of a middling feature: a window of its own hour leaves two thirds of one. */
const LEFT = 2;

/** Whether another hour explains a window: in a gap everything is less than at any hour, though at some it is missed less. */
function isExplained(moved: ReadonlyMap<string, number>): boolean {
  const left = [...moved.values()].map(Math.abs).sort((a, b) => a - b);
  return (left[left.length >> 1] ?? 0) <= LEFT;
}

/** The direction in which all features together are likelier, and neither half of them is not; 0 where there is none. */
function convinced(evidence: readonly number[]): number {
  return (
    DIRECTIONS.find((hours, d) => {
      const least = Math.min(...evidence.slice(2 * d, 2 * d + 2));
      return nats(evidence, hours) > CONVINCED && least > EACH_HALF;
    }) ?? 0
  );
}

function nats(evidence: readonly number[], hours: number): number {
  const d = hours > 0 ? 0 : 2;
  return sum(evidence.slice(d, d + 2));
}

import type { CheckResult } from '../domain/check-result.js';
import { type CalendarSlot, slotOn } from './calendar-slot.js';
import type { Observations } from './observe-feature.js';
import { scoreObservation } from './score.js';
import type { SeriesModel } from './series.js';

/** What is remembered of days that behave like another weekday. */
export interface DayKind {
  /** The day that is going on, counted as in {@link CalendarSlot}, and since when it was judged (minutes since the epoch). */
  readonly day: number;
  readonly since: number;
  /** Evidence of today, in nats, for each other weekday it may be like. */
  readonly evidence: readonly number[];
  /** The weekday it is judged as; null where it is its own. */
  readonly like: number | null;
  /** Days of the last two weeks that were judged as another weekday. */
  readonly days: readonly number[];
}

/** A window measured as one of a slot. */
export type MeasureAt = (slot: Pick<CalendarSlot, 'week' | 'bins'>) => Observations;

/** The slot a window is judged in, and what is remembered of its day. */
export interface JudgedDay {
  readonly slot: CalendarSlot;
  readonly kind: DayKind | null;
}

const SATURDAY = 5;
const SUNDAY = 6;
const WEDNESDAY = 2;
/** More such days in two weeks are no holidays but a change. */
const MOST_DAYS = 3;
const FORTNIGHT = 14;
/** Features, the number of rows among them, that must say so: one alone has changed by itself. */
const LEAST_FEATURES = 2;
/** A standardised deviation from which on a feature asks whether this is another kind of day. */
const ASKS = 2.5;
/** A deviation that says no more than this: six standard deviations are as bad as sixty. */
const LARGEST = 4;
/** Nats by which a feature is likelier on the other weekday to speak for it. */
const SPEAKS = 1;
/** Nats in favour of another weekday, beyond all doubt of which one. */
const CONVINCED = 9;
/** Mean square of the deviations that another weekday may leave; 1 is usual. A change of all features is in part like any other day. */
const LEFT = 2;

/**
 * Which weekday a day is judged as. A holiday in the week is like a Sunday, a working Saturday like a Wednesday, and nobody may have said so: where
 * features deviate and together are far likelier on another weekday, which leaves nothing to explain, the day is judged as that one. One feature alone is never enough, and
 * three days in two weeks are the most: what goes on longer is a change.
 */
export function kindOfDay(
  slot: CalendarSlot,
  input: { readonly before: DayKind | null; readonly minute: number; readonly measureAt: MeasureAt },
  series: readonly SeriesModel[],
): JudgedDay {
  const { before, minute, measureAt } = input;
  const today = onDay(before, slot.day, minute);
  if (today.like !== null) return { slot: as(slot, today.like), kind: today };
  const own = deviations(series, measureAt(slot), slot.week);
  const asking = [...own.values()].filter((u) => Math.abs(u) > ASKS).length;
  const mayBe = today.days.length < MOST_DAYS && asking >= LEAST_FEATURES;
  if (!mayBe) return { slot, kind: before ? today : null };
  const found = othersThan(Math.floor(slot.week / 24)).map((weekday, i) => {
    const other = as(slot, weekday);
    const there = deviations(series, measureAt(other), other.week);
    const gains = [...own].map(([name, u]) => gain(u, there.get(name) ?? u));
    const left = [...there.values()].reduce((total, u) => total + bounded(u), 0) / Math.max(1, there.size);
    const speak = gains.filter((one) => one > SPEAKS).length;
    const sum = (today.evidence[i] ?? 0) + gains.reduce((total, one) => total + one, 0);
    return {
      weekday,
      sum: Math.max(0, sum),
      convinced: sum > CONVINCED && speak >= LEAST_FEATURES && left < LEFT,
    };
  });
  const best = found.toSorted((a, b) => b.sum - a.sum).find(({ convinced }) => convinced);
  const evidence = found.map(({ sum }) => sum);
  if (!best) return { slot, kind: { ...today, evidence } };
  const kind = { ...today, evidence, like: best.weekday, since: minute };
  return { slot: as(slot, best.weekday), kind };
}

const NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** The one notice of such a day, and that it is over for as long as it is remembered. */
export function kindOfDayResults({ slot, kind }: JudgedDay, rows: number): CheckResult[] {
  if (!kind || (kind.like === null && kind.days.length === 0)) return [];
  const own = NAMES[Math.floor(slot.dated / 24)] ?? '';
  const like = kind.like === null ? null : (NAMES[kind.like] ?? '');
  return [
    {
      check: 'volume',
      feature: null,
      statistic: 'kind_of_day',
      value: null,
      n: rows,
      state: like === null ? 'OK' : 'NOTICE',
      evidence: null,
      effect: null,
      since: like === null ? null : new Date(60_000 * kind.since),
      explanation:
        like &&
        `this ${own} behaves like a ${like} and is judged as one; name it under calendar if it is a holiday`,
    },
  ];
}

function onDay(before: DayKind | null, day: number, minute: number): DayKind {
  if (before?.day === day) return before;
  const ended = before?.like === null || !before ? [] : [before.day];
  const days = [...(before?.days ?? []), ...ended].filter((one) => one > day - FORTNIGHT);
  return { day, since: minute, evidence: [], like: null, days };
}

function as(slot: CalendarSlot, weekday: number): CalendarSlot {
  return { ...slot, ...slotOn(weekday, slot.week % 24) };
}

function othersThan(weekday: number): readonly number[] {
  if (weekday < SATURDAY) return [SATURDAY, SUNDAY];
  return [weekday === SATURDAY ? SUNDAY : SATURDAY, WEDNESDAY];
}

/**
 * How far every feature is from what it is in a slot, and the number of rows: by the first of its series that may rise and fall. Which one that is
 * must not depend on the window: of several, the one that is farthest out today is nearer almost anywhere else, and every day would be like another.
 */
function deviations(
  series: readonly SeriesModel[],
  observations: Observations,
  week: number,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { key, feature, law, signs, leastChange } of series) {
    const observation = observations.get(key);
    const name = feature ?? key;
    if (law?.kind !== 'seasonal' || signs.length < 2 || !observation || found.has(name)) continue;
    const { u } = scoreObservation(law, observation, { slot: week, before: 0, lag: Infinity, leastChange });
    found.set(name, u);
  }
  return found;
}

/** Log of the likelihood ratio of two deviations, none of which says more than four standard deviations do. */
function gain(own: number, there: number): number {
  return (bounded(own) - bounded(there)) / 2;
}

function bounded(u: number): number {
  return Math.min(u * u, LARGEST ** 2);
}

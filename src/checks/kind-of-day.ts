import type { CheckResult } from '../domain/check-result.js';
import { type CalendarSlot, slotOn } from './calendar-slot.js';
import type { SeriesModel } from './series.js';
import { bounded, deviations, likelierBy, type MeasureAt, sum } from './slot-deviations.js';

/** What is remembered of days that behave like another weekday. */
export interface DayKind {
  /** The day that is going on, counted as in {@link CalendarSlot}, and since when it was judged (minutes since the epoch). */
  readonly day: number;
  readonly since: number;
  /** Evidence of today, in nats, for each other weekday it may be like. */
  readonly evidence: readonly number[];
  /** The weekday it is judged as; null where it is its own. */
  readonly like: number | null;
  /** Days of the last two weeks that were judged as another weekday, be it for some hours. */
  readonly days: readonly number[];
}

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
/** Nats by which a feature is likelier on the other weekday to speak for it. */
const SPEAKS = 1;
/** Nats in favour of another weekday, beyond all doubt of which one. */
const CONVINCED = 9;
/** Mean square of the deviations that another weekday may leave; 1 is usual. A change of all features is in part like any other day. */
const LEFT = 2;

/**
 * Which weekday a day is judged as. A holiday in the week is like a Sunday, a working Saturday like a Wednesday, and nobody may have said so: where
 * features deviate and together are far likelier on another weekday, which leaves nothing to explain, the day is judged as that one, until its windows
 * are as much likelier on its own weekday again: a first hour may mislead, and a holiday may end at noon. One feature alone is never enough, and
 * three days in two weeks are the most: what goes on longer is a change.
 */
export function kindOfDay(
  slot: CalendarSlot,
  input: { readonly before: DayKind | null; readonly minute: number; readonly measureAt: MeasureAt },
  series: readonly SeriesModel[],
): JudgedDay {
  const { before, minute, measureAt } = input;
  const today = onDay(before, slot.day, minute);
  const own = deviations(series, measureAt(slot), slot.week);
  if (today.like !== null) return stillLike(slot, { today, like: today.like, own, measureAt }, series);
  const asking = [...own.values()].filter((u) => Math.abs(u) > ASKS).length;
  const mayBe = today.days.length < MOST_DAYS && asking >= LEAST_FEATURES;
  if (!mayBe) return { slot, kind: before ? today : null };
  const found = othersThan(Math.floor(slot.week / 24)).map((weekday, i) => {
    const other = as(slot, weekday);
    const there = deviations(series, measureAt(other), other.week);
    const gains = likelierBy(own, there);
    const left = sum([...there.values()].map(bounded)) / Math.max(1, there.size);
    const speak = gains.filter((one) => one > SPEAKS).length;
    const nats = (today.evidence[i] ?? 0) + sum(gains);
    return {
      weekday,
      nats: Math.max(0, nats),
      convinced: nats > CONVINCED && speak >= LEAST_FEATURES && left < LEFT,
    };
  });
  const best = found.toSorted((a, b) => b.nats - a.nats).find(({ convinced }) => convinced);
  const evidence = found.map(({ nats }) => nats);
  if (!best) return { slot, kind: { ...today, evidence } };
  const kind = { ...today, evidence, like: best.weekday, since: minute };
  return { slot: as(slot, best.weekday), kind };
}

/** The day goes on as one of another weekday for as long as its windows do not say the opposite as surely as they said that. */
function stillLike(
  slot: CalendarSlot,
  {
    today,
    like,
    own,
    measureAt,
  }: {
    readonly today: DayKind;
    readonly like: number;
    readonly own: ReadonlyMap<string, number>;
    readonly measureAt: MeasureAt;
  },
  series: readonly SeriesModel[],
): JudgedDay {
  const other = as(slot, like);
  const gains = likelierBy(own, deviations(series, measureAt(other), other.week));
  const others = othersThan(Math.floor(slot.week / 24));
  const at = others.indexOf(like);
  const nats = Math.min(CONVINCED, today.evidence[at] ?? 0) + sum(gains);
  const evidence = others.map((_, i) => (i === at ? Math.max(0, nats) : (today.evidence[i] ?? 0)));
  if (nats <= 0)
    return { slot, kind: { ...today, evidence: [], like: null, days: [...today.days, today.day] } };
  return { slot: other, kind: { ...today, evidence } };
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
  const days = [...new Set([...(before?.days ?? []), ...ended])].filter((one) => one > day - FORTNIGHT);
  return { day, since: minute, evidence: [], like: null, days };
}

function as(slot: CalendarSlot, weekday: number): CalendarSlot {
  return { ...slot, ...slotOn(weekday, slot.week % 24) };
}

function othersThan(weekday: number): readonly number[] {
  if (weekday < SATURDAY) return [SATURDAY, SUNDAY];
  return [weekday === SATURDAY ? SUNDAY : SATURDAY, WEDNESDAY];
}

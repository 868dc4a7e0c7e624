import { gaussian } from '../generator.js';
import {
  categories,
  mix,
  numbers,
  numeric,
  season,
  sometimes,
  sometimesNull,
  spells,
  sum,
  wander,
} from './calm-features.js';
import { type CalmKind, MISTYPED, type Moment } from './calm-kind.js';
import { TIME_FUNCTIONS } from './time-functions.js';

type Random = () => number;
type Make = CalmKind['feature'];

const steady = (rows: number) => () => rows;
/** Six times as many rows at noon as at night. */
const daily = (rows: number) => (at: Moment) =>
  Math.round(rows * (1 + 0.7 * Math.sin((2 * Math.PI * (at.hour - 9)) / 24)));
const isNight = ({ hour }: Moment) => hour < 5;
const isWeekend = ({ weekday }: Moment) => weekday >= 5;
const isBusiness = (at: Moment) => !isWeekend(at) && at.hour >= 7 && at.hour < 19;

/** What most streams are like: a season, and levels that wander a little. */
const usual: Make = (i, random) => numeric(i, random, sum(season(random), wander(random, 0.5, 0.05)));
const rates =
  (size: number, phi: number, sd: number): Make =>
  (i, random) => {
    const level = wander(random, phi, sd);
    return sometimesNull(usual(i, random), random, (at) => size * Math.exp(level(at)));
  };
const mixes =
  (sd: number, phi = 0.6): Make =>
  (i, random) =>
    mix(random, 3 + (i % 12), sd > 0 ? wander(random, phi, sd) : null);
const byRows = (name: string, times: number, feature: Make, rows = 100): CalmKind => ({
  name,
  grows: true,
  rows: (at) => Math.round(daily(rows)(at) * (at.live ? times : 1)),
  feature,
});

/** Rows of a window are of a few customers each. */
const clustered: Make = (i, random) =>
  numbers(() => {
    let left = 0;
    let level = 0;
    return () => {
      if (left <= 0) [left, level] = [1 + Math.floor(20 * random()), gaussian(random)];
      left -= 1;
      return 0.8 * level + 0.6 * gaussian(random) + i;
    };
  });

const spelled =
  (begins: number, ends: number, value: (usual: number) => number): Make =>
  (_i, random) => {
    const spell = spells(random, begins, ends);
    return numbers((at) => {
      const on = spell(at);
      return () => (on ? Math.exp(gaussian(random)) : value(gaussian(random)));
    });
  };

/** A part of the rows that is zero, larger in spells. */
const partlyZero: Make = (_i, random) => {
  const spell = spells(random, 0.04, 0.15);
  return numbers((at) => {
    const wet = spell(at) ? 0.6 : 0.02;
    return () => (random() < wet ? Math.exp(gaussian(random)) : 0);
  });
};

const ceiling: Make = (_i, random) => {
  const spell = spells(random, 0.02, 0.1);
  return numbers((at) => {
    const load = spell(at) ? 3 : 0;
    return () => Math.min(100, 70 + 12 * gaussian(random) + 12 * load);
  });
};

const oddWindows =
  (share: number, size: number): Make =>
  (i, random) => {
    const level = sum(season(random), wander(random, 0.5, 0.05));
    return numeric(i, random, (at) => level(at) + (random() < share ? size * (0.5 + random()) : 0));
  };

/** The third Saturday of the reference, or three of them: all features two standard deviations up. */
const badDays =
  (days: readonly number[], size: number): Make =>
  (i, random) => {
    const level = sum(season(random), wander(random, 0.5, 0.05));
    return numeric(i, random, (at) => level(at) + (!at.live && days.includes(at.day) ? size : 0));
  };

const asIfSunday = (days: readonly number[]) => (at: Moment) =>
  days.includes(at.day) ? { ...at, weekday: 6 } : at;
const HOLIDAYS = [37, 44, 51];
const weekly: Make = (i, random) => {
  const level = sum(
    season(random, 2),
    (at) => (isWeekend(at) ? (i % 2 === 0 ? 0.5 : -0.5) : 0),
    wander(random, 0.5, 0.05),
  );
  return numeric(i, random, (at) => level(asIfSunday(HOLIDAYS)(at)));
};
const weekendRows = (rows: number) => (at: Moment) => Math.round(daily(rows)(at) * (isWeekend(at) ? 0.4 : 1));

/** The hour and the weekday in Berlin, without a library: summer time begins on 31 March 2024. */
const SUMMER = Date.UTC(2024, 2, 31, 1);
const inBerlin = (at: Moment): Moment => {
  const hour = at.hour + (at.from.getTime() >= SUMMER ? 2 : 1);
  return { ...at, hour: hour % 24, weekday: (at.weekday + Math.floor(hour / 24)) % 7 };
};
/** Weekdays as UTC has them beside hours of Berlin: the first hour of a Monday becomes one of a Sunday in summer. */
const halfInBerlin = (at: Moment): Moment => ({ ...inBerlin(at), weekday: at.weekday });
const inZone =
  (zone: (at: Moment) => Moment): Make =>
  (i, random) => {
    const level = sum(season(random, 2), wander(random, 0.5, 0.05));
    return numeric(i, random, (at) => level(zone(at)));
  };

const manyCategories =
  (count: number): Make =>
  (_i, random) =>
    categories(() => () => Math.floor(count * random()));

const discrete: Make = (i, random) => {
  const level = sum(season(random), wander(random, 0.5, 0.05));
  return numbers((at) => {
    const mean = (1 + (i % 4)) * Math.exp(0.3 * level(at));
    return () => poisson(mean, random);
  });
};

function poisson(mean: number, random: Random): number {
  let [k, product] = [0, random()];
  const limit = Math.exp(-mean);
  while (product > limit) [k, product] = [k + 1, product * random()];
  return k;
}

const of =
  (...makes: readonly Make[]): Make =>
  (i, random) =>
    (makes[i % makes.length] ?? usual)(Math.floor(i / makes.length), random);

const constants: Make = (i, random) => numbers(() => () => (random() < [0, 0.0005, 0.01][i % 3]! ? 1 : 0));

/** Every kind of calm of which the budget is held. */
export const CALM_KINDS: readonly CalmKind[] = [
  { name: 'independent rows', rows: steady(100), feature: (i, random) => numeric(i, random, () => 0) },
  { name: 'seasons and a level that wanders', rows: daily(200), feature: usual },
  { name: 'closed at night', rows: (at) => (isNight(at) ? 0 : daily(200)(at)), feature: usual },
  { name: 'open in business hours only', rows: (at) => (isBusiness(at) ? 200 : 0), feature: usual },
  {
    name: 'null at night',
    rows: steady(200),
    feature: (i, random) => sometimesNull(usual(i, random), random, (at) => (isNight(at) ? 1 : 0.01)),
  },
  {
    name: 'null on weekends',
    rows: steady(200),
    feature: (i, random) => sometimesNull(usual(i, random), random, (at) => (isWeekend(at) ? 1 : 0)),
  },
  {
    name: 'another type at night',
    rows: steady(200),
    feature: (i, random) =>
      sometimes(usual(i, random), random, { share: (at) => (isNight(at) ? 0.9 : 0), code: MISTYPED }),
  },
  {
    name: 'null in spells of hours',
    rows: steady(200),
    feature: (i, random) => {
      const spell = spells(random, 0.01, 0.2);
      return sometimesNull(usual(i, random), random, (at) => (spell(at) ? 1 : 0));
    },
  },
  { name: 'a null rate that wanders', rows: steady(200), feature: rates(0.05, 0.8, 0.5) },
  { name: 'rare nulls in bursts', rows: steady(200), feature: rates(0.0005, 0.9, 2) },
  { name: 'zeros in spells', rows: steady(200), feature: spelled(0.03, 0.12, () => 0) },
  { name: 'zeros in long spells', rows: steady(200), feature: spelled(0.01, 0.02, () => 0) },
  { name: 'more zeros in spells', rows: steady(200), feature: partlyZero },
  { name: 'at a ceiling in spells', rows: steady(200), feature: ceiling },
  { name: 'single odd windows', rows: steady(200), feature: oddWindows(0.01, 1) },
  { name: 'rarer and larger odd windows', rows: steady(200), feature: oddWindows(0.003, 3) },
  { name: 'one bad Saturday of four', rows: daily(200), feature: badDays([19], 1), referenceDays: 28 },
  {
    name: 'one slightly bad Saturday of four',
    rows: daily(200),
    feature: badDays([19], 0.4),
    referenceDays: 28,
  },
  {
    name: 'three bad Saturdays of thirteen',
    rows: daily(100),
    feature: badDays([12, 33, 61], 1),
    referenceDays: 91,
  },
  { name: 'one bad day of seven', rows: daily(200), feature: badDays([3], 1), referenceDays: 14 },
  { name: 'categories', rows: daily(200), feature: mixes(0) },
  { name: 'categories that wander', rows: daily(200), feature: mixes(0.1) },
  byRows('categories, twice the rows', 2, mixes(0.1)),
  byRows('categories, 4 times the rows', 4, mixes(0.1)),
  byRows('categories, 10 times the rows', 10, mixes(0.1)),
  byRows('categories, 100 times the rows', 100, mixes(0.1), 60),
  byRows('numbers, 10 times the rows', 10, usual),
  byRows('numbers, 100 times the rows', 100, usual, 60),
  byRows('null rates, 10 times the rows', 10, rates(0.02, 0.6, 0.3)),
  byRows('a tenth of the rows', 0.1, of(usual, mixes(0.1)), 600),
  {
    name: 'functions of the time stamp',
    rows: daily(200),
    features: TIME_FUNCTIONS.length,
    feature: (i, random) => TIME_FUNCTIONS[i]!(random),
  },
  { name: 'three days of reference', rows: weekendRows(200), feature: weekly, referenceDays: 3 },
  { name: 'six days of reference', rows: weekendRows(200), feature: weekly, referenceDays: 6 },
  {
    name: 'three holidays like Sundays',
    rows: (at) => weekendRows(200)(asIfSunday(HOLIDAYS)(at)),
    feature: weekly,
  },
  {
    name: 'three holidays that the calendar names',
    rows: (at) => weekendRows(200)(asIfSunday(HOLIDAYS)(at)),
    model: { calendar: { days: ['2024-02-07', '2024-02-14', '2024-02-21'] } },
    feature: weekly,
  },
  {
    name: 'daylight saving with the zone named',
    start: Date.UTC(2024, 1, 19),
    model: { timezone: 'Europe/Berlin' },
    rows: (at) => daily(200)(inBerlin(at)),
    feature: inZone(inBerlin),
  },
  {
    name: 'daylight saving, weekdays by UTC',
    start: Date.UTC(2024, 1, 19),
    model: { timezone: 'Europe/Berlin' },
    rows: (at) => daily(200)(inBerlin(at)),
    feature: inZone(halfInBerlin),
  },
  {
    name: 'daylight saving with the zone forgotten',
    start: Date.UTC(2024, 1, 19),
    rows: (at) => daily(200)(inBerlin(at)),
    feature: inZone(inBerlin),
  },
  { name: '1 000 categories, all known', rows: steady(400), feature: manyCategories(1000) },
  { name: '5 000 categories, all known', rows: steady(400), feature: manyCategories(5000) },
  {
    name: 'a level with autocorrelation 0.9',
    rows: steady(100),
    feature: (i, random) => numeric(i, random, wander(random, 0.9, 0.1)),
  },
  {
    name: 'a strong level with autocorrelation 0.97',
    rows: steady(200),
    feature: (i, random) => numeric(i, random, wander(random, 0.97, 0.4)),
  },
  {
    name: 'autocorrelation 0.9, strict',
    rows: steady(100),
    model: { strict: true },
    feature: (i, random) => numeric(i, random, wander(random, 0.9, 0.1)),
  },
  { name: 'few rows', rows: steady(12), feature: of(usual, mixes(0.1), rates(0.02, 0.5, 0.3)) },
  { name: 'counts and other small numbers', rows: daily(200), feature: discrete },
  { name: 'rows in clusters', rows: steady(200), feature: clustered },
  {
    name: 'rows in numbers that wander',
    rows: (() => {
      let level = 0;
      return (at: Moment, random: Random) => {
        level = 0.9 * level + 0.15 * gaussian(random);
        return Math.round(daily(200)(at) * Math.exp(level));
      };
    })(),
    feature: usual,
  },
  {
    name: 'batches at night',
    rows: (at) => (at.hour === 3 ? 1500 : 150),
    feature: (i, random) => {
      const level = usualLevel(random);
      return numeric(i, random, (at) => level(at) + (at.hour === 3 ? 1.5 : 0));
    },
  },
  {
    name: 'a mixture whose parts wander',
    rows: steady(200),
    feature: (i, random) => {
      const share = wander(random, 0.7, 0.5);
      return numbers((at) => {
        const part = 1 / (1 + Math.exp(1 - share(at)));
        return () => (random() < part ? 6 : 0) + gaussian(random) + i;
      });
    },
  },
  {
    name: 'spread by the hour',
    rows: steady(200),
    feature: (_i, random) => {
      const phase = 24 * random();
      const level = wander(random, 0.7, 0.2);
      return numbers((at) => {
        const sd = Math.exp(0.4 * Math.sin((2 * Math.PI * (at.hour + phase)) / 24) + level(at));
        return () => sd * gaussian(random);
      });
    },
  },
  {
    name: 'very heavy tails',
    rows: steady(200),
    feature: (i, random) =>
      numbers(
        () => () =>
          i % 2 === 0
            ? gaussian(random) / Math.max(1e-3, Math.abs(gaussian(random)))
            : Math.exp(2 * gaussian(random)),
      ),
  },
  { name: 'constant and all but constant', rows: steady(200), feature: constants },
  {
    name: 'new categories all the time',
    rows: steady(200),
    feature: (_i, random) => {
      let next = 10;
      return categories(() => () => (random() < 0.02 ? (next += 1) : Math.floor(10 * random() ** 2)));
    },
  },
  {
    name: 'hour and weekday together',
    rows: daily(200),
    feature: (i, random) => {
      const offsets = Array.from({ length: 168 }, () => 0.15 * gaussian(random));
      return numeric(i, random, (at) => offsets[24 * at.weekday + Math.floor(at.hour)] ?? 0);
    },
  },
  {
    name: 'quarters of an hour',
    windowMs: 900_000,
    referenceDays: 14,
    days: 14,
    rows: daily(100),
    feature: of(usual, mixes(0.1)),
  },
  {
    name: 'windows of a day',
    windowMs: 86_400_000,
    referenceDays: 70,
    days: 60,
    rows: steady(500),
    feature: of(usual, mixes(0.05), rates(0.02, 0.5, 0.3)),
  },
];

function usualLevel(random: Random) {
  return sum(season(random), wander(random, 0.5, 0.05));
}

import { describe, expect, it } from 'vitest';
import type { CalmKind } from '../bench/detection/calm/calm-kind.js';
import { CALM_KINDS } from '../bench/detection/calm/calm-kinds.js';
import { runCalm } from '../bench/detection/calm-table.js';

/** A few features for a few days: the bench has all of them for a month. */
const small = (kind: CalmKind): CalmKind => ({ ...kind, features: kind.features ?? 2, days: 5 });
/** The first holiday is a week after the reference, and no two features tell a day. */
const WITH_HOLIDAY = { features: 4, days: 9 };

/** Clocks change on the first day after the reference. */
const WITH_CLOCKS = { features: 4, days: 4, start: Date.UTC(2024, 2, 1) };

const HELD = [
  'closed at night',
  'open in business hours only',
  'null at night',
  'null on weekends',
  'rare nulls in bursts',
  'another type at night',
  'zeros in spells',
  'more zeros in spells',
  'at a ceiling in spells',
  'single odd windows',
  'one bad Saturday of four',
  'three bad Saturdays of thirteen',
  'three days of reference',
  'categories, 10 times the rows',
  'categories, 100 times the rows',
  '1 000 categories, all known',
  'numbers, 100 times the rows',
  'functions of the time stamp',
  'autocorrelation 0.9, strict',
];

describe('calm that has a structure of its own', () => {
  const kinds = (names: readonly string[]) => CALM_KINDS.filter(({ name }) => names.includes(name));

  it.each(kinds(HELD))('is told from change: $name', (kind) => {
    expect(runCalm(small(kind), 7).pages).toEqual([]);
  });

  it.each(kinds(['three holidays like Sundays', 'three holidays that the calendar names']))(
    'is told from change: $name',
    (kind) => {
      expect(runCalm({ ...kind, ...WITH_HOLIDAY }, 7).pages).toEqual([]);
    },
  );

  it.each(
    kinds([
      'daylight saving with the zone named',
      'daylight saving, weekdays by UTC',
      'daylight saving with the zone forgotten',
    ]),
  )('is told from change: $name', (kind) => {
    expect(runCalm({ ...kind, ...WITH_CLOCKS }, 7).pages).toEqual([]);
  });
});

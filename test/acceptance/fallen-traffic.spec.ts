import { describe, expect, it } from 'vitest';
import type { Moment } from '../bench/detection/calm/calm-kind.js';
import { type Level, numeric, wander } from '../bench/detection/calm/calm-features.js';
import { CalmModel } from '../bench/detection/calm/calm-model.js';
import { generator } from '../bench/detection/generator.js';

const DAY = 86_400_000;
const LEARNT_DAYS = 91;
/** The part of the rows that is left, by days after the reference. */
const LEFT: Readonly<Record<number, number>> = { 3: 0.36, 11: 0.27, 19: 0.24 };

/** Traffic with its hours and weekends, of which the level wanders for days. */
function traffic({ hour, weekday, day }: Moment, level: number): number {
  const usual = 400 * (1 + 0.6 * Math.sin((2 * Math.PI * (hour - 9)) / 24)) * (weekday >= 5 ? 0.7 : 1);
  return Math.round(usual * Math.exp(level) * (LEFT[day - LEARNT_DAYS] ?? 1));
}

function daysTold(level: Level): readonly number[] {
  const model = new CalmModel(
    {
      name: 'traffic',
      referenceDays: LEARNT_DAYS,
      days: 21,
      features: 1,
      rows: (at) => traffic(at, level(at)),
      feature: (i, random) => numeric(i, random, () => 0),
    },
    7,
  );
  const told = model.pages().filter(({ series }) => series === 'volume||count');
  return told.map(({ from }) => Math.floor((from.getTime() - Date.UTC(2024, 0, 1)) / DAY) - LEARNT_DAYS);
}

describe('traffic of which two thirds and more are missing for a day', () => {
  it.each([
    { persistence: 0.9, sd: 0.15 },
    { persistence: 0.97, sd: 0.2 },
  ])(
    'is found on that day, and on no other, where its level wanders with $persistence an hour',
    ({ persistence, sd }) => {
      expect(daysTold(wander(generator(5), persistence, sd))).toEqual([3, 11, 19]);
    },
    120_000,
  );
});

import { expect, it } from 'vitest';
import { lcg } from '../stats/lcg.js';

const DAYS = [1, 7, 30];
const PER_HOUR = 60;
/** Judgements of a model of hourly windows with labels in a year: one a track. */
const JUDGED = 2 * 8_760;

/** That one of so many edited judgements is among those that are looked at in some days. */
const chance = (edited: number, days: number) => 1 - (1 - edited / JUDGED) ** (PER_HOUR * 24 * days);
const percent = (of: number) => `${(100 * of).toFixed(1)} %`;

it('how likely it is that an edit is found by when (docs/operations.md)', () => {
  const table = [1, 2, 20, 200].map((edited) => [edited, ...DAYS.map((days) => percent(chance(edited, days)))].join(' | '));
  expect(table).toEqual([
    '1 | 7.9 % | 43.7 % | 91.5 %',
    '2 | 15.2 % | 68.4 % | 99.3 %',
    '20 | 80.7 % | 100.0 % | 100.0 %',
    '200 | 100.0 % | 100.0 % | 100.0 %',
  ]);
}); // prettier-ignore

it('is what comes of drawing', () => {
  const draw = lcg(18);
  const turns = 300;
  let found = 0;
  for (let turn = 0; turn < turns; turn++)
    for (let look = 0; look < PER_HOUR * 24 * 7; look++)
      if (Math.floor(draw() * JUDGED) === 0) {
        found += 1;
        break;
      }
  expect(Math.abs(found / turns - chance(1, 7))).toBeLessThan(0.1);
});

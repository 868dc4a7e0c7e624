import { expect, it } from 'vitest';
import { incidentsInCommon } from './incidents-in-common.js';

const days = (...own: number[]) => new Set(own);

it('takes the day on which most features stand out, with the day beside it, for an incident', () => {
  const features = Array.from({ length: 16 }, () => days(12, 13));
  expect(incidentsInCommon([...features, days(3)], 30)).toEqual(days(12, 13));
});

it('takes the one odd day of one feature for an incident', () => {
  expect([...incidentsInCommon([days(5), days(), days()], 30)]).toEqual([5]);
});

it('leaves what features do by turns to their laws: the worst of such days is no incident', () => {
  const spells = Array.from({ length: 16 }, (_, i) => days(i, (i + 3) % 16, 20));
  expect(incidentsInCommon(spells.slice(0, 5), 30).size).toBe(1);
  const scattered = Array.from({ length: 16 }, (_, i) => days(2 * i, (2 * i + 1) % 30, i < 4 ? 9 : i));
  expect(incidentsInCommon(scattered, 30).size).toBe(0);
});

import { expect, it } from 'vitest';
import { pooled } from './owed-minutes.js';

const dirty = (version: string, minutes: number[], newest: number[]) => ({
  model: 'm',
  version,
  minutes,
  withNewRows: minutes,
  sources: { 't/0': newest.map((minute) => [minute, 1] as const) },
});

it('makes one piece of work a version out of what is owed and what is new', () => {
  const owed = [dirty('1', [60, 120], [120])];
  const news = [dirty('1', [0, 120, 180], [180]), dirty('2', [60], [60])];
  expect(pooled(owed, news)).toEqual([dirty('1', [0, 60, 120, 180], [120, 180]), dirty('2', [60], [60])]);
  expect(pooled([], news)).toBe(news);
});

import { expect, it } from 'vitest';
import { earliestVersionFirst, pooled, unsummed } from './owed-minutes.js';

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

it('a minute that is summed already is left alone, unless something of it is owed or new', () => {
  const start = { ...dirty('1', [0, 60, 120], [120]), summed: [0, 60] };
  expect(unsummed(start)).toEqual({ minutes: [120], withNewRows: [120] });
  const [both] = pooled([start], [dirty('1', [60], [60])]);
  expect(both && unsummed(both)).toEqual({ minutes: [60, 120], withNewRows: [60, 120] });
});

it('the version that answered first goes before those that came later, and models keep their turns', () => {
  const of = (model: string, version: string, withNewRows: readonly number[], minutes = withNewRows) => ({ model, version, minutes, withNewRows, sources: {} });
  const due = [of('a', '2', [600]), of('b', '7', [60]), of('a', '1', [0, 600]), of('a', '3', [], [300])];
  expect(earliestVersionFirst(due).map(({ model, version }) => model + version)).toEqual(['a1', 'a3', 'a2', 'b7']);
}); // prettier-ignore

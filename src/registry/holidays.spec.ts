import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { calendarProblems, withHolidays } from './holidays.js';

const model = (calendar: object) => Model.parse({ key: 'm', task: 'regression', calendar });
const daysOf = (calendar: object) => withHolidays(model(calendar)).calendar?.days ?? [];

it('a country has its public holidays, and a region its own, beside the days a person named', () => {
  const berlin = daysOf({ country: 'DE', region: 'BE', days: ['12-24'] });
  expect(berlin).toEqual(expect.arrayContaining(['12-24', '2026-04-03', '2026-12-25', '2026-03-08']));
  expect(daysOf({ country: 'DE', region: 'BY' })).not.toContain('2026-03-08');
  expect(daysOf({ country: 'US' })).toContain('2026-07-04');
  expect(daysOf({ country: 'US' })).not.toContain('2026-02-14');
});

it('a place that is none is named with those there are', () => {
  expect(calendarProblems(model({ country: 'DE', region: 'BE' }))).toEqual([]);
  expect(calendarProblems(model({ days: ['2026-12-24'] }))).toEqual([]);
  const [country] = calendarProblems(model({ country: 'GERMANY' }));
  expect(country?.path).toEqual(['calendar', 'country']);
  expect(country?.message).toContain('DE, ');
  const [region] = calendarProblems(model({ country: 'DE', region: 'XX' }));
  expect(region?.message).toContain('BE, BW, BY');
});

it('days must be such as exist', () => {
  const parsed = Model.safeParse({ key: 'm', task: 'regression', calendar: { days: ['2026-02-30'] } });
  expect(parsed.error?.issues[0]?.message).toBe('there is no such day');
});

import { expect, it } from 'vitest';
import { endOf, isWithin, lastOf, WeeklyInstant, weeklyText, WeeklyTime } from './weekly-time.js';

const monday = WeeklyInstant.parse({ day: 'mon', at: '08:00', timezone: 'Europe/Berlin' });

it.each([
  ['the minute it comes', '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z'],
  ['a minute before', '2026-11-23T06:59:59Z', '2026-11-16T07:00:00Z'],
  ['on a Sunday night', '2026-11-29T23:30:00Z', '2026-11-23T07:00:00Z'],
  ['after clocks went back', '2026-10-27T12:00:00Z', '2026-10-26T07:00:00Z'],
  ['on the Sunday on which they did', '2026-10-25T12:00:00Z', '2026-10-19T06:00:00Z'],
  ['on the Sunday on which they went on', '2026-03-29T12:00:00Z', '2026-03-23T07:00:00Z'],
])('eight on Monday in Berlin, %s', (_when, now, wanted) => {
  expect(lastOf(monday, new Date(now))).toEqual(new Date(wanted));
});

const night = { days: ['sat', 'sun'], timezone: 'Europe/Berlin' };

it.each([
  ['07:00', 'on a usual day', '2026-11-22T01:30:00Z', '2026-11-22T06:00:00Z'],
  ['07:00', 'on which clocks went back', '2026-10-24T23:30:00Z', '2026-10-25T06:00:00Z'],
  ['07:00', 'on which they went on', '2026-03-29T00:30:00Z', '2026-03-29T05:00:00Z'],
  ['00:00', 'at midnight', '2026-10-24T20:30:00Z', '2026-10-24T22:00:00Z'],
  ['02:30', 'of which that hour is left out', '2026-03-29T00:00:00Z', '2026-03-29T01:30:00Z'],
])('a night until %s in Berlin ends by the wall clock %s', (to, _day, now, wanted) => {
  const time = WeeklyTime.parse({ ...night, from: '20:00', to });
  expect(isWithin(time, new Date(now))).toBe(true);
  expect(endOf(time, new Date(now))).toEqual(new Date(wanted));
  expect(isWithin(time, new Date(wanted))).toBe(false);
});

it('is written as its file has it', () => {
  const time = { from: '22:00', to: '04:05', timezone: 'Europe/Berlin' };
  expect(weeklyText(WeeklyTime.parse({ ...time, days: ['sat', 'sun'] }))).toBe(
    'sat, sun from 22:00 to 04:05 (Europe/Berlin)',
  );
  expect(weeklyText(WeeklyTime.parse(time))).toBe('daily from 22:00 to 04:05 (Europe/Berlin)');
});

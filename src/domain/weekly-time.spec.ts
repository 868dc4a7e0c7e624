import { expect, it } from 'vitest';
import { lastOf, WeeklyInstant } from './weekly-time.js';

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

import { expect, it } from 'vitest';
import { ambiguous, orderSaid, readInstant } from './read-instant.js';

const at = Date.UTC(2026, 10, 21, 10, 0, 0, 250);
const ms = (value: unknown, zone = 'UTC') => readInstant(value, zone)?.ms ?? null;

it('reads epochs in every unit, as numbers and as texts', () => {
  for (const value of [
    at,
    at / 1000,
    at * 1000,
    BigInt(at) * 1_000_000n,
    String(at),
    '1795255200.25',
    at * 1e6,
  ])
    expect(ms(value)).toBe(at);
});

it('reads ISO 8601 with and without a zone, and days', () => {
  const written = ['2026-11-21T10:00:00.250Z', '2026-11-21 10:00:00.250', '2026-11-21T11:00:00.250123+01:00', '2026-11-21T10:00:00.25+0000', '2026/11/21 10:00:00.250 UTC', new Date(at)]; // prettier-ignore
  for (const value of written) expect(ms(value)).toBe(at);
  expect([ms('2026-11-21'), ms('20261121')]).toEqual([Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 21)]);
  expect([
    readInstant('2026-11-21T10:00', 'UTC')?.zoned,
    readInstant('2026-11-21T10:00Z', 'UTC')?.zoned,
  ]).toEqual([false, true]);
});

it('reads a time without a zone in the zone it is told, on both sides of a change of the clocks', () => {
  expect(ms('2026-07-01T12:00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 6, 1, 10));
  expect(ms('2026-12-01T12:00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 11, 1, 11));
  expect(ms('2026-03-29T03:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30));
  expect(ms('2026-12-01T12:00:00Z', 'Europe/Berlin')).toBe(Date.UTC(2026, 11, 1, 12));
});

it('reads a day that comes first where it cannot be a month, and clocks of twelve hours', () => {
  const written = ['21.11.2026 10:00:00.250', '21-Nov-2026 10:00:00.250', 'Sat, 21 Nov 2026 10:00:00.250 GMT', '2026-11-21 10:00:00.250 AM']; // prettier-ignore
  for (const value of written) expect(ms(value)).toBe(at);
  expect(ms('1.2.2026')).toBe(Date.UTC(2026, 1, 1));
  expect(['2026-11-21 12:00 AM', '2026-11-21 12:30 pm'].map((value) => ms(value))).toEqual([
    Date.UTC(2026, 10, 21),
    Date.UTC(2026, 10, 21, 12, 30),
  ]);
  for (const value of ['11/12/2026 10:00', '2026-11-21 13:00 PM', '31.02.2026', '21-Foo-2026', '1.2.3'])
    expect(ms(value)).toBeNull();
  expect([ambiguous('11/12/2026 10:00'), ambiguous('yesterday')]).toEqual([
    expect.stringContaining('month'),
    '',
  ]);
});

it('reads dates in which day and month could be either in the order that their column shows', () => {
  expect(['11/25/2026', '25/11/2026', '25-11-2026 10:00', '11/12/2026', '2026/11/25', 'x'].map(orderSaid)).toEqual([
    'month', 'day', 'day', null, null, null,
  ]); // prettier-ignore
  const written = '11/12/2026 07:04 PM';
  expect(readInstant(written, 'UTC', 'month')?.ms).toBe(Date.UTC(2026, 10, 12, 19, 4));
  expect(readInstant(written, 'UTC', 'day')?.ms).toBe(Date.UTC(2026, 11, 11, 19, 4));
  expect(readInstant('11/25/2026', 'UTC', 'day')).toBeNull();
});

it('takes nothing else for a time', () => {
  for (const value of ['yesterday', '2026-13-01', '2026-02-30', '10:00', '', NaN, null, true, {}])
    expect(ms(value)).toBeNull();
});

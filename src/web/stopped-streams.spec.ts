import { expect, it } from 'vitest';
import { isStopped, silenceOf, volumesUntil } from './stopped-streams.js';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;
/** Windows of an hour that began so many hours ago, each with ten predictions. */
const points = (...ago: readonly number[]) => ago.map((hours) => [(NOW - hours * HOUR) / 1000, 10] as const);
const hourly = (hoursAgo: number | null) => ({ windowMs: HOUR, newestRow: hoursAgo === null ? null : NOW - hoursAgo * HOUR }); // prettier-ignore

it('a stream has stopped where no row came for longer than its windows and its gaps explain', () => {
  expect([hourly(2), hourly(null)].map((one) => silenceOf(one, NOW))).toEqual([null, null]);
  expect(silenceOf(hourly(6), NOW)).toBe(6 * HOUR);
  expect(isStopped(6 * HOUR, { points: points(9, 8, 7) })).toBe(true);
  // a batch a night, looked at in the afternoon
  expect(isStopped(20 * HOUR, { points: points(68, 44, 20) })).toBe(false);
  expect(isStopped(50 * HOUR, { points: points(98, 74, 50) })).toBe(true);
});

it('volumes end now, with nothing where nothing came', () => {
  expect(volumesUntil({ points: points(4, 3, 2) }, hourly(1), NOW, 120)).toEqual([10, 10, 10]);
  expect(volumesUntil({ points: points(9, 8, 7) }, hourly(6), NOW, 120)).toEqual([10, 10, 10, 0, 0, 0, 0, 0]);
  expect(volumesUntil({ points: points(9, 5, 4) }, hourly(3), NOW, 120)).toEqual([10, 0, 0, 0, 10, 10, 0, 0]);
  expect(volumesUntil({ points: points(400, 399) }, hourly(398), NOW, 5)).toEqual([0, 0, 0, 0, 0]);
  expect(volumesUntil({ points: [] }, hourly(null), NOW, 5)).toEqual([]);
});

import { expect, it } from 'vitest';
import type { ReferenceWindow } from '../domain/baseline.js';
import { NO_LABELS } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { zoneHint } from './zone-hint.js';

const HOUR = 3_600_000;
const MODEL = { timezone: 'UTC', window: HOUR };

/** Rows follow the clock of a zone that is so many hours ahead of UTC until a change, and so many after it. */
function windows(from: string, days: number, hours: (at: number) => number): ReferenceWindow[] {
  const random = lcg(5);
  const start = Date.parse(from);
  return Array.from({ length: 24 * days }, (_, i) => {
    const at = start + i * HOUR;
    const local = (at / HOUR + hours(at)) % 24;
    const predictions = Math.round(300 + 200 * Math.sin((2 * Math.PI * local) / 24) + 40 * random());
    const profile = { predictions, features: {}, unknownFeatures: [], performance: NO_LABELS, measures: {} };
    return { from: new Date(at), to: new Date(at + HOUR), profile };
  });
}

const SUMMER = Date.parse('2024-03-31T01:00:00Z');
const berlin = windows('2024-03-15T00:00:00Z', 30, (at) => (at >= SUMMER ? 2 : 1));

it('days that move with the clocks of Europe look like Europe/Berlin', () => {
  expect(zoneHint(MODEL, berlin)).toContain('this looks like Europe/Berlin');
  expect(zoneHint(MODEL, berlin)).toContain('2024-03-31');
});

it('nothing is said where the zone is named, days do not move, or no clock changed', () => {
  expect(zoneHint({ ...MODEL, timezone: 'Europe/Berlin' }, berlin)).toBeNull();
  expect(
    zoneHint(
      MODEL,
      windows('2024-03-15T00:00:00Z', 30, () => 1),
    ),
  ).toBeNull();
  expect(
    zoneHint(
      MODEL,
      windows('2024-06-01T00:00:00Z', 30, () => 2),
    ),
  ).toBeNull();
});

it('the clocks of America change on another day', () => {
  const change = Date.parse('2024-03-10T07:00:00Z');
  const york = windows('2024-02-20T00:00:00Z', 38, (at) => (at >= change ? 20 : 19));
  expect(zoneHint(MODEL, york)).toContain('America/New_York');
});

import { expect, it } from 'vitest';
import { momentOf } from './moment-of.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');

it.each([
  ['an hour ago', NOW - 3_600_000, NOW - 3_600_000],
  ['nothing', undefined, NOW],
  ['-1, which is Kafka for none', -1, NOW],
  ['1970', 1_000, NOW],
  ['2100', Date.parse('2100-01-01T00:00:00Z'), NOW],
  ['microseconds', NOW * 1000, NOW],
  ['no number', Number.NaN, NOW],
])('a producer whose clock says %s', (_, claimedAt, moment) => {
  expect(momentOf({ receivedAt: NOW, claimedAt })).toBe(moment);
});

import { expect, it } from 'vitest';
import { unanswered } from './unanswered.js';

const NOW = new Date('2026-11-26T10:00:00Z');
const of = (severity: 'warning' | 'critical', minutes: number | null = null) => ({
  severity,
  acknowledgedUntil: minutes === null ? null : new Date(NOW.getTime() + minutes * 60_000),
});

it('waits for an answer to what nobody took on, and to what is worse than what somebody did', () => {
  const [quiet, grave] = [of('warning'), of('critical')];
  expect(unanswered([quiet, grave], NOW)).toEqual([quiet, grave]);
  expect(unanswered([of('critical', 60), quiet, grave], NOW)).toEqual([]);
  expect(unanswered([of('warning', 60), quiet, grave], NOW)).toEqual([grave]);
  // an acknowledgement that ran out is none
  expect(unanswered([of('critical', -1), quiet], NOW)).toHaveLength(2);
});

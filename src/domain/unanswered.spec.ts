import { describe, expect, it } from 'vitest';
import { unanswered, type Answerable } from './unanswered.js';

const NOW = new Date('2026-11-26T10:00:00Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

/** Asked an hour ago; taken on, where it is, half an hour ago and for so many minutes from now. */
function finding(severity: 'warning' | 'critical', lasts: number | null = null, asked = -60): Answerable {
  const taken = lasts !== null;
  return {
    severity,
    openedAt: minutes(asked),
    acknowledgedBy: taken ? 'anna' : null,
    acknowledgedAt: taken ? minutes(-30) : null,
    acknowledgedUntil: taken ? minutes(lasts) : null,
  };
}

describe('what waits for an answer', () => {
  it('is what nobody took on, and what is worse than what somebody did', () => {
    const [quiet, grave] = [finding('warning'), finding('critical')];
    expect(unanswered([quiet, grave], NOW)).toEqual([quiet, grave]);
    expect(unanswered([finding('critical', 60), quiet, grave], NOW)).toEqual([]);
    expect(unanswered([finding('warning', 60), quiet, grave], NOW)).toEqual([grave]);
    // an acknowledgement that ran out is none
    expect(unanswered([finding('critical', -1), quiet], NOW)).toHaveLength(2);
  });

  it('is what is critical and asked after somebody took the rest on: they have not seen it', () => {
    const taken = finding('critical', 60);
    const joined = finding('critical', null, -10);
    const back = { ...finding('critical'), asksSince: minutes(-10) };
    const mild = finding('warning', null, -10);
    expect(unanswered([taken, joined, back, mild], NOW)).toEqual([joined, back]);
    // whoever takes something of it on later has seen all of it
    const later = { ...taken, acknowledgedAt: minutes(-5) };
    expect(unanswered([taken, later, joined, back, mild], NOW)).toEqual([]);
  });
});

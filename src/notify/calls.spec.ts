import { describe, expect, it } from 'vitest';
import { dueCalls, type PastCall, type WaitingCase } from './calls.js';
import type { Way } from './routes.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SINCE = new Date('2026-11-25T10:00:00Z');
const after = (ms: number) => new Date(SINCE.getTime() + ms);
const WAY: Way = {
  channels: ['ops'],
  escalate: [
    { after: 30 * MINUTE, channels: ['lead'] },
    { after: HOUR, channels: ['pager', 'lead'] },
  ],
  remind: [4 * HOUR, 24 * HOUR],
};
const waiting = (calls: readonly PastCall[], way: Partial<Way> = {}): WaitingCase => ({
  since: SINCE,
  ways: [{ severity: 'critical', way: { ...WAY, ...way } }],
  calls,
  only: null,
});
const escalated = (ms: number, ...channels: string[]): PastCall => ({ kind: 'escalated', at: after(ms), channels }); // prettier-ignore
const reminded = (ms: number): PastCall => ({ kind: 'reminded', at: after(ms), channels: [] });
const due = (calls: readonly PastCall[], ms: number, way: Partial<Way> = {}) =>
  dueCalls(waiting(calls, way), after(ms)).map(({ kind, channels }) => [kind, ...channels].join(' '));

describe('a case that nobody takes on', () => {
  it.each<[story: string, calls: readonly PastCall[], ms: number, wanted: readonly string[]]>([
    ['nobody before the first step', [], 29 * MINUTE, []],
    ['the first step', [], 30 * MINUTE, ['escalated lead']],
    ['a step once', [escalated(30 * MINUTE, 'lead')], 31 * MINUTE, []],
    ['of the next step who does not know', [escalated(30 * MINUTE, 'lead')], HOUR, ['escalated pager']],
    ['all steps at once after a stop', [], 2 * HOUR, ['escalated lead pager']],
    ['anew in another wait', [escalated(-HOUR, 'lead')], 30 * MINUTE, ['escalated lead']],
  ])('calls %s', (_story, calls, ms, wanted) => {
    expect(due(calls, ms, { remind: [] })).toEqual(wanted);
  });

  it('is recalled less and less often, and once for all that was missed', () => {
    let calls: readonly PastCall[] = [];
    const said: number[] = [];
    for (let hour = 0; hour <= 200; hour++)
      if (due(calls, hour * HOUR, { escalate: [] }).includes('reminded')) {
        said.push(hour);
        calls = [...calls, reminded(hour * HOUR)];
      }
    expect(said).toEqual([4, 24, 48, 96, 192]);
    expect(due([], 100 * HOUR, { escalate: [] })).toEqual(['reminded']);
    expect(due([reminded(100 * HOUR)], 101 * HOUR, { escalate: [] })).toEqual([]);
  });

  it('says for how long', () => {
    expect(dueCalls(waiting([]), after(5 * HOUR)).map(({ text }) => text)).toEqual([
      'nobody has taken it on for 5 h',
      'still open, nobody has taken it on for 5 h',
    ]);
    const part = { ...waiting([], { remind: [] }), only: 'age has moved (warning)' };
    expect(dueCalls(part, after(31 * MINUTE + 6_000)).map(({ text }) => text)).toEqual([
      'nobody has taken on for 31 min: age has moved (warning)',
    ]);
  });
});

import { expect, it } from 'vitest';
import type { CheckResult, CheckState } from '../domain/check-result.js';
import { whileSilent } from './silent-window.js';

const MINUTE = 60_000;
const arrives = (minutes: number) => ({ rule: 'arrives', name: 'arrives', check: 'freshness', feature: null, statistic: 'silence', withinMs: minutes * MINUTE }) as const; // prettier-ignore
const result = (check: CheckResult['check'], state: CheckState, value: number, n = 0): CheckResult => ({ check, feature: null, statistic: 's', value, n, state, evidence: null, effect: null, since: null, explanation: null }); // prettier-ignore
const minute = { from: new Date(0), to: new Date(MINUTE) };
const states = (silentMinutes: number, within: number, n = 0) =>
  whileSilent(
    [result('volume', 'ALERT', 0, n), result('performance', 'ALERT', 0.3, 40), result('freshness', silentMinutes >= within ? 'ALERT' : 'OK', 60 * silentMinutes)],
    arrives(within),
    minute,
  ).map(({ state }) => state); // prettier-ignore

it('a stream that has just stopped is told when its silence is too long, as one fault; what rests on rows is not held', () => {
  expect(states(1, 3)).toEqual(['INDETERMINATE', 'ALERT', 'OK']);
  expect(states(3, 3)).toEqual(['ALERT', 'ALERT', 'ALERT']);
});

it('missing rows are told as such where freshness takes long to decide, and where rows come', () => {
  expect(states(1, 4)).toEqual(['ALERT', 'ALERT', 'OK']);
  expect(states(0, 3, 10)).toEqual(['ALERT', 'ALERT', 'OK']);
  expect(whileSilent([result('volume', 'ALERT', 0)], undefined, minute)[0]?.state).toBe('ALERT');
});

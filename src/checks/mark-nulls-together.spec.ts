import { expect, it } from 'vitest';
import type { CheckResult } from '../domain/check-result.js';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import { markNullsTogether } from './mark-nulls-together.js';

const nulls = (feature: string, value: number, more: Partial<CheckResult> = {}): CheckResult => ({
  check: 'null_rate',
  feature,
  statistic: 'rate',
  value,
  n: 400,
  state: 'ALERT',
  evidence: 3,
  effect: 100 * value,
  since: null,
  explanation: `${100 * value} % null`,
  ...more,
});

it('makes one finding of nulls in as many rows', () => {
  const marked = markNullsTogether([nulls('a', 0.12), nulls('b', 0.12), nulls('c', 0.11), nulls('d', 0.6)]);
  expect(marked.map(({ explainedBy }) => explainedBy)).toEqual([undefined, ['a'], ['a'], undefined]);
  expect(marked[0]?.explanation).toBe('12 % null; in as many rows b, c');
  expect(marked[1]?.explanation).toBe('12 % null; in as many rows as a');
});

it('leaves alone what alerts by itself, or not at all', () => {
  const results = [nulls('a', 0.12), nulls('b', 0.4), nulls('c', 0.12, { state: 'OK' })];
  expect(markNullsTogether(results)).toEqual(results);
});

it('tells one incident, whatever the names', () => {
  const log = new IncidentLog();
  const told = log.judge(5, [
    says({ check: 'null_rate', feature: 'a', explainedBy: ['z'] }),
    says({ check: 'null_rate', feature: 'b', explainedBy: ['z'] }),
    says({ check: 'null_rate', feature: 'z' }),
  ]);
  expect(told).toEqual(['opened! null_rate', 'opened null_rate', 'opened null_rate']);
  const [lead] = log.incidents.list().filter(({ signal }) => signal.feature === 'z');
  const rest = log.incidents.list().filter(({ signal }) => signal.feature !== 'z');
  expect(rest.map(({ explainedBy }) => explainedBy)).toEqual([lead?.id, lead?.id]);
});

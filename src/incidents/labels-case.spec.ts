import { expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';

const drift = says({ feature: 'age' });
const quiet = { ...drift, outcome: 'clear' as const, state: 'OK' as const };
const loss = says({ check: 'concept_drift', feature: null, severity: 'critical' });

/** Inputs were off from the hour that ends at 10 to that which ends at 20, and their case was closed after 22. */
function afterwards(): IncidentLog {
  const log = new IncidentLog();
  for (let hour = 10; hour <= 20; hour += 1) log.judge(hour, [drift]);
  for (const hour of [21, 22]) log.judge(hour, [{ ...quiet, signal: drift.signal }]);
  expect(log.incidents.cases({ state: 'OPEN' })).toEqual([]);
  return log;
}
const casesOf = (log: IncidentLog) => new Set(log.incidents.list().map(({ caseId }) => caseId)).size;

it.each([10, 15, 20])('what labels of hour %d show, days later, belongs to the case of the inputs that were off then', (hour) => {
  const log = afterwards();
  expect(log.judge(hour, [loss])).toEqual(['opened! concept_drift']);
  expect(casesOf(log)).toBe(1);
  expect(log.incidents.cases({ state: 'OPEN' })).toMatchObject([{ severity: 'critical', members: { length: 2 } }]);
}); // prettier-ignore

it('and not to a case that is open and began the day after', () => {
  const log = afterwards();
  log.judge(40, [says({ feature: 'income' })]);
  log.judge(18, [loss]);
  const [first] = log.incidents.list({ check: 'concept_drift' });
  expect(log.incidents.list({ feature: 'age' })[0]?.caseId).toBe(first?.caseId);
});

it('nothing joins it that began after it was over, that needs no labels, or where the traffic alone was off', () => {
  const later = afterwards();
  later.judge(23, [loss]);
  expect(casesOf(later)).toBe(2);
  const inputs = afterwards();
  inputs.judge(15, [says({ feature: 'income' })]);
  expect(casesOf(inputs)).toBe(2);
  const calls = new IncidentLog();
  const slow = says({ check: 'service', feature: null });
  for (let hour = 10; hour <= 20; hour += 1) calls.judge(hour, [slow]);
  for (const hour of [21, 22]) calls.judge(hour, [{ ...quiet, signal: slow.signal }]);
  calls.judge(15, [loss]);
  expect(casesOf(calls)).toBe(2);
});

import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { headlineOf } from '../domain/incident-headline.js';
import { openOf, saidNow } from './said-now.js';

const result = {
  check: 'feature_drift',
  statistic: 'scale',
  explanation: 'values × 1.33 in this window',
} as const;

it('says of what is open what its messages say, and of the rest what the check says', () => {
  const open = incident('age');
  expect(saidNow(result, 'age', [open])).toBe(headlineOf(open));
  expect(saidNow(result, 'income', [open])).toBe(result.explanation);
  expect(saidNow(result, 'age', [{ ...open, state: 'CLOSED' }])).toBe(result.explanation);
  expect(saidNow({ ...result, check: 'null_rate' }, 'age', [open])).toBe(result.explanation);
  expect(saidNow(result, 'age', [{ ...open, signal: { ...open.signal, segment: 'a=b' } }])).toBe(
    result.explanation,
  );
});

it('of all rows, what fails is not said in the words of what is slow', () => {
  const open = incident('age');
  const slow = { ...open, statistic: 'slow_calls', signal: { ...open.signal, check: 'service' as const, feature: null } };
  const said = (statistic: string) => saidNow({ check: 'service', statistic, explanation: statistic }, null, [slow]);
  expect(said('slow_calls')).toBe(headlineOf(slow));
  expect(said('failures')).toBe('failures');
}); // prettier-ignore

it('what is open of a result: of a feature by its check, of all rows by the statistics that showed it', () => {
  const drift = incident('age');
  const slow = { ...drift, statistic: 'slow_calls', signal: { ...drift.signal, check: 'service' as const, feature: null } };
  const gap = { ...drift, statistic: 'rate', signal: { ...drift.signal, check: 'fairness' as const, feature: 'region' } };
  const all = [drift, slow, gap, { ...slow, statistic: 'failures', state: 'CLOSED' as const }];
  const ids = (...asked: Parameters<typeof openOf>) => openOf(...asked).map(({ statistic }) => statistic);
  expect(ids({ check: 'feature_drift', statistic: 'psi' }, 'age', all)).toEqual(['location']);
  expect(ids({ check: 'feature_drift', statistic: 'psi' }, 'income', all)).toEqual([]);
  expect(ids({ check: 'service', statistic: 'slow_calls' }, null, all)).toEqual(['slow_calls']);
  expect(ids({ check: 'service', statistic: 'failures' }, null, all)).toEqual([]);
  expect(ids({ check: 'fairness', statistic: 'rate of region' }, null, all)).toEqual(['rate']);
}); // prettier-ignore

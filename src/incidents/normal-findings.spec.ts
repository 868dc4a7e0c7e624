import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import type { CheckName } from '../domain/check-result.js';
import { leftOver, namedAlone, normalFindings } from './normal-findings.js';

const of = (feature: string | null, check: CheckName, state: 'OPEN' | 'CLOSED' = 'OPEN') => {
  const one = incident(feature ?? check);
  return { ...one, id: `${check} ${feature}`, state, signal: { ...one.signal, feature, check } };
};
const CASE = [of('age', 'feature_drift'), of(null, 'output_drift'), of('age', 'null_rate'), of(null, 'performance'), of('old', 'format', 'CLOSED')]; // prettier-ignore

it('takes what has drifted for normal, and of wrong answers and broken data what somebody names', () => {
  const ids = (named: readonly CheckName[]) => normalFindings(CASE, named).map(({ id }) => id);
  expect(ids([])).toEqual(['feature_drift age', 'output_drift null']);
  expect(ids(['performance'])).toEqual(['feature_drift age', 'output_drift null', 'performance null']);
  expect(namedAlone(CASE)).toEqual(['null_rate', 'performance']);
  expect(leftOver(CASE, normalFindings(CASE, []))).toBe('null rate of age, performance');
});

it('refuses what is not open, and a case in which nothing has drifted', () => {
  expect(() => normalFindings(CASE, ['format'])).toThrow(
    'nothing of format is open in this case; there are feature_drift, output_drift, null_rate, performance',
  );
  expect(() => normalFindings([of(null, 'performance')], [])).toThrow('name it: performance');
});

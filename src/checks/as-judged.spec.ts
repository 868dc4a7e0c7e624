import { expect, it } from 'vitest';
import type { CheckName, CheckResult, CheckState } from '../domain/check-result.js';
import { asJudged } from './as-judged.js';

const result = (check: CheckName, statistic: string, state: CheckState, feature: string | null = null): CheckResult => ({
  check, feature, statistic, state, value: 6.17, n: 100, evidence: null, effect: null, since: null, explanation: null,
}); // prettier-ignore

const psi = result('feature_drift', 'psi', 'OK', 'age');
const location = (state: CheckState) => result('feature_drift', 'location', state, 'age');
const states = (informing: readonly CheckResult[], ...judged: readonly CheckResult[]) =>
  asJudged(informing, judged).map(({ state }) => state);

it('a distance is as bad as what is judged of its feature', () => {
  expect(states([psi], location('OK'), result('feature_drift', 'shape', 'ALERT', 'age'))).toEqual(['NOTICE']);
  expect(states([psi], location('NOTICE'))).toEqual(['NOTICE']);
});

it('is never OK where nothing is judged', () => {
  expect(states([psi])).toEqual(['LEARNING']);
  expect(states([psi], location('LEARNING'))).toEqual(['LEARNING']);
  expect(states([psi], location('INSUFFICIENT'))).toEqual(['INSUFFICIENT']);
  expect(states([psi], result('feature_drift', 'location', 'OK', 'income'))).toEqual(['LEARNING']);
});

it('is not judged where something else of it is found to be as usual, and says what', () => {
  const [found] = asJudged([psi], [location('OK'), result('feature_drift', 'shape', 'OK', 'age'), result('feature_drift', 'tail', 'LEARNING', 'age')]);
  expect(found).toMatchObject({ state: 'NOT_JUDGED', evidence: null, value: 6.17 });
  expect(found?.explanation).toBe('not judged by itself: it is for people; judged of the same: location, shape');
  const cost = { ...result('performance', 'cost', 'OK'), explanation: 'the answers of this window cost 7 EUR' };
  expect(asJudged([cost], [result('concept_drift', 'error_rate', 'OK')])[0]?.explanation).toMatch(/^the answers of this window cost 7 EUR; not judged by itself: .*: error rate$/);
}); // prettier-ignore

it('is OK by a bound of its own: four fifths', () => {
  const ratio = result('fairness', 'impact_ratio', 'OK', 'sex');
  expect(states([ratio], result('fairness', 'selection_rate', 'OK', 'sex'))).toEqual(['OK']);
});

it('metrics of labels are as good as the series of either check', () => {
  const accuracy = result('performance', 'accuracy', 'OK');
  expect(states([accuracy], result('concept_drift', 'error_rate', 'LEARNING'))).toEqual(['LEARNING']);
  expect(states([accuracy], result('performance', 'auc', 'OK'), result('concept_drift', 'error_rate', 'ALERT'))).toEqual(['NOTICE']);
}); // prettier-ignore

it('leaves alone what says nothing, and what is judged', () => {
  const few = result('feature_drift', 'psi', 'INSUFFICIENT', 'age');
  expect(states([few, result('unknown_feature', 'present', 'NOTICE', 'x')])).toEqual([
    'INSUFFICIENT',
    'NOTICE',
  ]);
});

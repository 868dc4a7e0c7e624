import { expect, it } from 'vitest';
import type { CheckResult } from '../domain/check-result.js';
import { markRepeats } from './mark-repeats.js';

function says(changed: Partial<CheckResult>): CheckResult {
  return {
    check: 'duplicates',
    feature: null,
    statistic: 'same_minute',
    value: 0.3,
    n: 1_000,
    state: 'ALERT',
    evidence: 2,
    effect: 0.3,
    since: new Date(0),
    explanation: '30 % of the rows repeat another row of the same minute',
    ...changed,
  };
}

it('marks rows that repeat while a column is missing in as many, and not those that are sent twice', () => {
  const nulls = says({ check: 'null_rate', feature: 'income', statistic: 'rate', value: 0.5 });
  const of = (copies: Partial<CheckResult>, fault: CheckResult = nulls) =>
    markRepeats([says(copies), fault])[0];
  expect(of({})).toMatchObject({
    explainedBy: ['income'],
    explanation:
      '30 % of the rows repeat another row of the same minute; income cannot tell them apart any more',
  });
  expect(of({}, { ...nulls, value: 0.1 })?.explainedBy).toBeUndefined();
  expect(of({}, { ...nulls, state: 'OK' })?.explainedBy).toBeUndefined();
  expect(of({ feature: 'order' })?.explainedBy).toBeUndefined();
  expect(of({}, says({ check: 'stuck', feature: 'income', value: 1 }))?.explainedBy).toEqual(['income']);
});

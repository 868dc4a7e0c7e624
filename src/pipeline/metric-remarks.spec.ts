import { expect, it } from 'vitest';
import type { Constraint } from '../domain/constraint.js';
import type { Estimator } from '../domain/estimate-rule.js';
import { isCalibrated, remarkOfEstimate, remarkOfLabels } from './metric-remarks.js';

const estimator = {
  kind: 'binary' as const,
  positive: 'bad',
  calibrator: { from: [], to: [], value: [] },
} satisfies Estimator;
const rule = (labelled: number): Constraint => ({ rule: 'estimate', name: 'estimate', check: 'estimated_performance', feature: null, statistic: 'error_rate', estimator, taughtBy: { versions: null, labelled } }); // prettier-ignore

it('an estimate of scores that no label calibrated has no reference to be held against, and says so', () => {
  expect(isCalibrated({ rules: [rule(0)] })).toBe(false);
  expect(remarkOfEstimate({ rules: [rule(499)] })).toMatch(/^scores taken for what they say/);
  expect(remarkOfEstimate({ rules: [rule(500)] })).toBeNull();
  expect(isCalibrated(null)).toBe(true);
});

it('says which way round a gap is, and whose labels these are', () => {
  expect(remarkOfLabels('estimation_gap', undefined)).toMatch(/above 0, they were answered worse$/);
  expect(remarkOfLabels('accuracy', { answered: 100, labelled: 0 }, 'none')).toMatch(/^no label names the prediction_id.*request_id/);
  expect(remarkOfLabels('accuracy', { answered: 100, labelled: 0 }, 'too_many')).toMatch(/ask for a shorter stretch/);
  expect(remarkOfLabels('accuracy', { answered: 100, labelled: 60 }, 'request')).toMatch(/request_id.*no check judges by them$/);
  expect(remarkOfLabels('accuracy', { answered: 100, labelled: 1 })).toBeNull();
  expect(remarkOfLabels('accuracy', { answered: 0, labelled: 0 })).toBeNull();
}); // prettier-ignore

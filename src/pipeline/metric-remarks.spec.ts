import { expect, it } from 'vitest';
import type { Constraint } from '../domain/constraint.js';
import type { Estimator } from '../domain/estimate-rule.js';
import { CELL_SEPARATOR, NO_ANSWERS } from '../domain/outcome.js';
import { isCalibrated, remarkOfEstimate, remarkOfLabels } from './metric-remarks.js';

const estimator = {
  kind: 'binary' as const,
  positive: 'bad',
  calibrator: { from: [], to: [], value: [] },
} satisfies Estimator;
const rule = (labelled: number, versions: string[] | null = ['1']): Constraint => ({ rule: 'estimate', name: 'estimate', check: 'estimated_performance', feature: null, statistic: 'error_rate', estimator, taughtBy: { versions, labelled } }); // prettier-ignore

it('an estimate of scores that no label calibrated has no reference to be held against, and says so', () => {
  expect(isCalibrated({ rules: [rule(0)] })).toBe(false);
  expect(remarkOfEstimate({ rules: [rule(499)] }, '1')).toMatch(/^scores taken for what they say/);
  expect(remarkOfEstimate({ rules: [rule(500)] }, '1')).toBeNull();
  expect(isCalibrated(null)).toBe(true);
});

it('says which way round a gap is, and whose labels these are', () => {
  expect(remarkOfLabels('estimation_gap', undefined)).toMatch(/above 0, they were answered worse$/);
  expect(remarkOfLabels('accuracy', { ...NO_ANSWERS, answered: 100, labelled: 0 }, 'none')).toMatch(/^no label names the prediction_id.*request_id/);
  expect(remarkOfLabels('accuracy', { ...NO_ANSWERS, answered: 100, labelled: 0 }, 'too_many')).toMatch(/ask for a shorter stretch/);
  expect(remarkOfLabels('accuracy', { ...NO_ANSWERS, answered: 100, labelled: 60 }, 'request')).toMatch(/request_id.*no check judges by them$/);
  expect(remarkOfLabels('accuracy', { ...NO_ANSWERS, answered: 100, labelled: 1 })).toBeNull();
  expect(remarkOfLabels('accuracy', { ...NO_ANSWERS, answered: 0, labelled: 0 })).toBeNull();
}); // prettier-ignore

it('says by whose labels an estimate is calibrated, where it is not by its own alone', () => {
  const of = (versions: string[] | null) => remarkOfEstimate({ rules: [rule(900, versions)] }, '2');
  expect(of(['2'])).toBeNull();
  expect(of(['1'])).toBe('calibrated by 900 labels of version 1, by none of its own');
  expect(of(['1', '2'])).toBe('calibrated by 900 labels of version 1, its own among them');
  expect(of(null)).toMatch(/^calibrated by 900 labels of the reference, which does not say whose/);
  expect(remarkOfEstimate(null, '2')).toBeNull();
});

it('says of how many classes a mean is, and which of them count as 0', () => {
  const cell = (actual: string, answered: string) => `${actual}${CELL_SEPARATOR}${answered}`;
  const cells = { [cell('cat', 'cat')]: 8, [cell('dog', 'cat')]: 2, [cell('cat', 'fox')]: 1 };
  const of = (metric: string) => remarkOfLabels(metric, { ...NO_ANSWERS, answered: 11, labelled: 11, cells });
  expect(of('macro_precision')).toBe('mean over 3 classes, which counts 0 for 1 never answered ("dog")');
  expect(of('macro_f1')).toBe('mean over 3 classes, which counts 0 for 1 never answered ("dog") and 1 answered and never there ("fox")');
  expect(of('macro_recall')).toMatch(/answered and never there \("fox"\)$/);
  expect([of('accuracy'), of('balanced_accuracy')]).toEqual([null, null]);
}); // prettier-ignore

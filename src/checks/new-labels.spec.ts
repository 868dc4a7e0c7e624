import { expect, it } from 'vitest';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../../test/support/synthetic-model.js';
import { NO_LABELS, type PerformanceProfile, type WindowProfile } from '../domain/profile.js';
import { fitBaseline } from './fit-baseline.js';
import { newLabelsText } from './new-labels.js';
import { runChecks } from './run-checks.js';

const BUDGET = { pageDays: 30, noticeDays: 3, share: 1 };
const HOURS = 24 * 14;
const multiclass = syntheticModel({ task: 'multiclass' });

const of = (performance: Partial<PerformanceProfile>): WindowProfile => ({
  predictions: 200,
  features: {},
  unknownFeatures: [],
  performance: { ...NO_LABELS, labelled: 200, ...performance },
  measures: {},
});

it('a class that nobody trained is named with the errors it makes', () => {
  const usual = (i: number) => of({ correct: 158 + (i % 7) });
  const baseline = syntheticBaseline(
    {},
    Array.from({ length: HOURS }, (_, i) => usual(i)),
  );
  const fitted = fitBaseline(multiclass, baseline);
  const profile = of({ correct: 60, newLabels: { wolf: 80, lynx: 20 } });
  const input = { model: multiclass, baseline, fitted, state: null, budget: BUDGET };
  const { results } = runChecks({ ...input, window: syntheticWindow(HOURS), profile });
  const said = '100 of 200 labels are a class that the reference does not have: "wolf", "lynx"';
  expect(results.find(({ statistic }) => statistic === 'accuracy')).toMatchObject({
    value: 0.3,
    explanation: said,
  });
  const errors = results.find(({ check }) => check === 'concept_drift');
  expect(errors).toMatchObject({ state: 'ALERT', explanation: expect.stringContaining(said) as string });
  const calm = runChecks({ ...input, window: syntheticWindow(HOURS), profile: usual(3) });
  expect(calm.results.find(({ statistic }) => statistic === 'accuracy')).toMatchObject({
    state: 'NOT_JUDGED',
    explanation: expect.not.stringContaining('wolf') as string,
  });
});

it('a class that is known but for its case is said to be', () => {
  const usual = { ...NO_LABELS, newLabels: { bad: 10, good: 90 } };
  const now = { ...NO_LABELS, labelled: 100, newLabels: { wolf: 9, ' Bad': 8 } };
  expect(newLabelsText(now, usual)).toBe(
    '17 of 100 labels are a class that the reference does not have: "wolf", " Bad"; " Bad" is "bad" but for its case or blanks: classes are told apart by every letter',
  );
  expect(newLabelsText(now, undefined)).not.toContain('but for');
});

it('an error is shown while there is nothing to hold it against', () => {
  const regression = syntheticModel({ task: 'regression' });
  const window = syntheticWindow(0);
  const input = { model: regression, baseline: null, fitted: null, state: null, budget: BUDGET, window };
  const rows = (performance: Partial<PerformanceProfile>) =>
    runChecks({ ...input, profile: of(performance) })
      .results.filter(({ statistic }) => statistic === 'mean_absolute_error')
      .map(({ check, value, state }) => [check, value, state]);
  expect(rows({ lossRows: 200, lossSum: 500, lossSquares: 2000 })).toEqual([
    ['concept_drift', 2.5, 'LEARNING'],
    ['performance', 2.5, 'LEARNING'],
  ]);
  expect(rows({ labelled: 3, lossRows: 3, lossSum: 5, lossSquares: 20 })[0]).toEqual([
    'concept_drift',
    null,
    'INSUFFICIENT',
  ]);
});

import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../domain/check-result.js';
import type { FeatureBaseline } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS, type PerformanceProfile, type WindowProfile } from '../domain/profile.js';
import {
  NORMAL_BASELINE,
  NORMAL_EDGES,
  categoricalProfile,
  numericProfile,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { lcg } from '../stats/lcg.js';
import { normalQuantile } from '../stats/normal.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';

const random = lcg(11);
const model = syntheticModel();
const ROWS = 60;
const WINDOWS = 24 * 7;

const CONSTANT: FeatureBaseline = {
  kind: 'numeric',
  edges: [4],
  quantiles: [4, 4, 4, 4, 4],
  integer: true,
};
const ONE: FeatureBaseline = { kind: 'categorical', categories: ['only'], tail: [], unseenMass: 0 };

/** Labels of a model that says no to everybody, as all of them are. */
const NEGATIVE: PerformanceProfile = {
  ...NO_LABELS,
  labelled: ROWS,
  correct: ROWS,
  trueNegatives: ROWS,
  lossRows: ROWS,
  lossSum: 6,
  lossSquares: 1,
  positiveScores: [],
  negativeScores: [ROWS],
};

function profile(performance = NEGATIVE): WindowProfile {
  const values = Array.from({ length: ROWS }, () => normalQuantile(Math.max(1e-9, random())));
  return {
    predictions: ROWS,
    features: {
      x: numericProfile(values, NORMAL_EDGES),
      constant: numericProfile(Array<number>(ROWS).fill(4), [4]),
      one: categoricalProfile([ROWS]),
    },
    unknownFeatures: [],
    measures: {},
    performance,
  };
}

const CLASSIFIER: Constraint = {
  rule: 'classifier',
  name: 'c',
  check: 'multivariate',
  feature: null,
  statistic: 'domain_classifier',
  columns: [],
  sample: 's',
};

function resultsOf(reference: () => WindowProfile, now: WindowProfile): readonly CheckResult[] {
  const baseline = syntheticBaseline(
    { x: NORMAL_BASELINE, constant: CONSTANT, one: ONE },
    Array.from({ length: WINDOWS }, reference),
    { rules: [CLASSIFIER] },
  );
  return runChecks({
    model,
    baseline,
    fitted: fitBaseline(model, baseline),
    window: syntheticWindow(WINDOWS),
    profile: now,
    state: null,
    budget: { pageDays: 30, noticeDays: 3, share: 1 },
  }).results;
}

function statesOf(reference: () => WindowProfile, now: WindowProfile): Record<string, string> {
  return Object.fromEntries(
    resultsOf(reference, now).map(({ feature, statistic, state }) => [
      `${feature ?? ''}/${statistic}`,
      state,
    ]),
  );
}

describe('what can have no value', () => {
  const states = statesOf(() => profile(), profile());

  it.each(['/domain_classifier', '/auc', '/precision', '/recall', 'constant/wasserstein', 'one/shape'])(
    '%s says so, for ever, and never that it learns or could not be computed',
    (name) => {
      expect(states[name]).toBe('NOT_APPLICABLE');
    },
  );

  it('is nothing of what has one', () => {
    expect(states['x/location']).toBe('OK');
    expect(states['constant/location']).toBe('OK');
    expect(states['/accuracy']).toBe('NOT_JUDGED');
    expect(states['/log_loss']).toBe('OK');
    expect(Object.values(states)).not.toContain('INDETERMINATE');
  });
});

/** Held against a rule that needs no budget: no evidence is summed, and what is OK is so by that rule. */
const BY_RULE = ['stuck'];

it('is OK by evidence or by a rule, and else says that nobody judges it and what is judged', () => {
  const results = resultsOf(() => profile(), profile());
  const unproved = results.filter(({ state, evidence, check }) => state === 'OK' && evidence === null && !BY_RULE.includes(check));
  expect(unproved.map(({ check, statistic }) => `${check}/${statistic}`)).toEqual([]);
  const idle = results.filter(({ state }) => state === 'NOT_JUDGED');
  expect(idle.map(({ statistic }) => statistic)).toEqual(expect.arrayContaining(['psi', 'wasserstein', 'chi_squared', 'accuracy']));
  for (const { explanation } of idle) expect(explanation).toMatch(/^not judged by itself: .*judged of the same: \w/);
}); // prettier-ignore

it('still learns of labels that have not come', () => {
  const states = statesOf(() => profile(NO_LABELS), profile(NO_LABELS));
  expect(states['/auc']).toBe('INSUFFICIENT');
  expect(statesOf(() => profile(NO_LABELS), profile())['/log_loss']).toBe('LEARNING');
});

it('has no use for a classifier of which all but a few windows are too small', () => {
  let window = 0;
  const few = () => {
    window += 1;
    const measure = { kind: 'value', n: 120, y: 0.5, v: 0.001 } as const;
    return window % 50 === 0 ? { ...profile(), measures: { c: measure } } : profile();
  };
  expect(statesOf(few, few())['/domain_classifier']).toBe('NOT_APPLICABLE');
});

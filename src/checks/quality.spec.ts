import { describe, expect, it } from 'vitest';
import type { WholeBaseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import {
  NO_LABELS,
  type CategoricalProfile,
  type FeatureProfile,
  type PerformanceProfile,
  type WindowProfile,
} from '../domain/profile.js';
import {
  categoricalProfile,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { lcg } from '../stats/lcg.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const random = lcg(3);
const model = syntheticModel();
const DAYS = 14;
const ROWS = 300;

/** Draws of a binomial by counting. */
function hits(n: number, p: number): number {
  let count = 0;
  for (let i = 0; i < n; i += 1) if (random() < p) count += 1;
  return count;
}

function carrier({ nulls = 0.002, second = 0.3, fresh = 0 } = {}): CategoricalProfile {
  const missing = hits(ROWS, nulls);
  const other = hits(ROWS, second);
  return categoricalProfile([ROWS - missing - other - fresh, other], { fresh, nulls: missing });
}

function labels(errors: number): PerformanceProfile {
  const wrong = hits(ROWS, errors);
  return {
    ...NO_LABELS,
    labelled: ROWS,
    correct: ROWS - wrong,
    lossRows: ROWS,
    lossSum: wrong,
    lossSquares: wrong,
    errorRows: ROWS,
    squaredErrorSum: wrong,
  };
}

function window(feature: FeatureProfile = carrier(), performance = labels(0.1)): WindowProfile {
  return {
    predictions: ROWS,
    features: { carrier: feature },
    unknownFeatures: [],
    performance,
    measures: {},
  };
}

const CARRIERS = { kind: 'categorical', categories: ['AA', 'UA'], tail: [], unseenMass: 0 } as const;
const baseline = syntheticBaseline(
  { carrier: CARRIERS },
  Array.from({ length: 24 * DAYS }, () => window()),
);
const fitted = fitBaseline(model, baseline);

function check(
  i: number,
  profile: WindowProfile,
  state: SeriesState | null = null,
  against: WholeBaseline | null = baseline,
) {
  const at = syntheticWindow(24 * DAYS + i);
  const budget = { pageDays: 30, noticeDays: 3, share: 1 };
  return runChecks({
    model,
    baseline: against,
    fitted: against && fitted,
    window: at,
    profile,
    state,
    budget,
  });
}

function find(results: readonly CheckResult[], name: string, statistic: string): CheckResult | undefined {
  return results.find((result) => result.check === name && result.statistic === statistic);
}

/** The results of the last of some windows. */
function after(count: number, profile: () => WindowProfile): readonly CheckResult[] {
  let state: SeriesState | null = null;
  let results: readonly CheckResult[] = [];
  for (let i = 0; i < count; i += 1) ({ results, state } = check(i, profile(), state));
  return results;
}

describe('quality and performance', () => {
  it('is quiet on windows like the reference', () => {
    const results = after(24, () => window());
    expect(results.map(({ state }) => state)).not.toContain('ALERT');
    expect(results.filter(({ feature }) => feature !== null).map(({ state }) => state)).not.toContain(
      'INDETERMINATE',
    );
  });

  it('names a null burst with its size before', () => {
    const found = find(
      after(2, () => window(carrier({ nulls: 0.12 }))),
      'null_rate',
      'rate',
    );
    expect(found?.state).toBe('ALERT');
    expect(found?.explanation).toMatch(/^1\d % null, 0\.\d+ % before$/);
  });

  it('finds a new category and a change in the mix', () => {
    expect(
      find(
        after(3, () => window(carrier({ fresh: 6 }))),
        'new_category',
        'rate',
      )?.state,
    ).toBe('ALERT');
    const mixed = find(
      after(4, () => window(carrier({ second: 0.45 }))),
      'feature_drift',
      'share:UA',
    );
    expect(mixed).toMatchObject({ state: 'ALERT' });
    expect(mixed?.effect).toBeGreaterThan(8);
  });

  it('finds a rise of the error rate, and not a fall', () => {
    expect(
      find(
        after(6, () => window(carrier(), labels(0.2))),
        'concept_drift',
        'error_rate',
      )?.state,
    ).toBe('ALERT');
    expect(
      find(
        after(6, () => window(carrier(), labels(0.02))),
        'concept_drift',
        'error_rate',
      )?.state,
    ).toBe('OK');
  });
});

describe('hard rules', () => {
  const empty: CategoricalProfile = { ...categoricalProfile([0, 0], { nulls: 25 }), rows: 25 };

  it('alerts at once on a feature that is always null, also while learning', () => {
    expect(find(check(0, window(empty)).results, 'null_rate', 'rate')).toMatchObject({
      state: 'ALERT',
      value: 1,
    });
    expect(find(check(0, window(empty), null, null).results, 'null_rate', 'rate')?.state).toBe('ALERT');
  });

  it('alerts at once on a change of type', () => {
    const text: CategoricalProfile = { ...categoricalProfile([0, 0]), rows: 40, mistyped: 40 };
    expect(find(check(0, window(text)).results, 'type_mismatch', 'rate')?.state).toBe('ALERT');
  });

  it('speaks of twenty rows at least', () => {
    const few: CategoricalProfile = { ...categoricalProfile([0, 0], { nulls: 19 }), rows: 19 };
    expect(find(check(0, window(few)).results, 'null_rate', 'rate')?.state).toBe('INSUFFICIENT');
  });
});

describe('what cannot be said', () => {
  it('keeps a few rows for the next window and says insufficient', () => {
    const few = { ...window(categoricalProfile([15, 5])), performance: NO_LABELS };
    const first = check(0, few);
    expect(find(first.results, 'feature_drift', 'shape')?.state).toBe('INSUFFICIENT');
    expect(find(check(1, few, first.state).results, 'feature_drift', 'shape')?.n).toBe(40);
  });

  it('says indeterminate of a feature that is absent and learning without a baseline', () => {
    const absent = { ...window(), features: {} };
    expect(find(check(0, absent).results, 'feature_drift', 'shape')?.state).toBe('INDETERMINATE');
    expect(find(check(0, window(), null, null).results, 'feature_drift', 'shape')?.state).toBe('LEARNING');
  });

  it('keeps effect sizes, and learns, where the baseline has no windows', () => {
    const flat = { ...baseline, windows: [] };
    const at = syntheticWindow(400);
    const budget = { pageDays: 30, noticeDays: 3, share: 1 };
    const learnt = fitBaseline(model, flat);
    const { results } = runChecks({
      model,
      baseline: flat,
      fitted: learnt,
      window: at,
      profile: window(),
      state: null,
      budget,
    });
    expect(find(results, 'feature_drift', 'shape')?.state).toBe('LEARNING');
    expect(find(results, 'feature_drift', 'psi')).toMatchObject({ state: 'LEARNING', evidence: null });
  });
});

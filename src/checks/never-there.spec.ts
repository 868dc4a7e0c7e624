import { describe, expect, it } from 'vitest';
import type { FeatureBaseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import {
  numericProfile,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const ROWS = 200;
const REFERENCE = 24 * 14;
const model = syntheticModel();
/** A tax that is not levied yet. */
const TAX: FeatureBaseline = { kind: 'numeric', edges: [], quantiles: [0, 0, 0, 0, 0], integer: false };

function profile(levied: number): WindowProfile {
  const values = Array<number>(levied).fill(2.5);
  return {
    predictions: ROWS,
    features: { tax: numericProfile(values, [], ROWS - levied) },
    unknownFeatures: [],
    measures: {},
    performance: NO_LABELS,
  };
}

const baseline = syntheticBaseline(
  { tax: TAX },
  Array.from({ length: REFERENCE }, () => profile(0)),
);
const fitted = fitBaseline(model, baseline);

/** What is said of the tax in the last of some windows. */
function after(windows: readonly WindowProfile[]): readonly CheckResult[] {
  let state: SeriesState | null = null;
  let results: readonly CheckResult[] = [];
  windows.forEach((one, i) => {
    const window = syntheticWindow(REFERENCE + i);
    const budget = { pageDays: 30, noticeDays: 3, share: 1 };
    ({ results, state } = runChecks({ model, baseline, fitted, window, profile: one, state, budget }));
  });
  return results.filter(({ feature }) => feature === 'tax');
}

describe('a column that was null in every row of the reference', () => {
  it('is as usual while it stays so, and nothing of it learns for ever', () => {
    const results = after(Array.from({ length: 24 }, () => profile(0)));
    expect(results.find(({ statistic }) => statistic === 'present')).toMatchObject({ state: 'OK', value: 0 });
    expect(new Set(results.map(({ state }) => state))).toEqual(new Set(['OK', 'NOT_APPLICABLE']));
  });

  it('is no news either where the reference has no times, and so no windows', () => {
    const untimed = { ...baseline, windows: [] };
    const input = { model, baseline: untimed, fitted: fitBaseline(model, untimed), state: null };
    const budget = { pageDays: 30, noticeDays: 3, share: 1 };
    const { results } = runChecks({
      ...input,
      window: syntheticWindow(REFERENCE),
      profile: profile(0),
      budget,
    });
    const tax = results.filter(({ feature }) => feature === 'tax');
    expect(tax.map(({ state }) => state)).toContain('LEARNING');
    expect(tax.map(({ state }) => state)).not.toContain('ALERT');
  });

  it.each([ROWS, 20])('alerts in the first window in which %i rows have a value', (levied) => {
    const found = after([profile(0), profile(levied)]).filter(({ state }) => state === 'ALERT');
    expect(found).toEqual([expect.objectContaining({ check: 'null_rate', statistic: 'present' })]);
    expect(found[0]?.explanation).toMatch(/^1?[01]0? % of the rows have a value; in the reference none had$/);
  });

  it('has no type that values could be different from, unless it is declared', () => {
    const words = {
      ...profile(0),
      features: { tax: { ...numericProfile([], []), rows: ROWS, mistyped: ROWS } },
    };
    const found = after([profile(0), words]).filter(({ state }) => state === 'ALERT');
    expect(found).toEqual([expect.objectContaining({ check: 'null_rate', statistic: 'present' })]);
    const declared = { ...model, features: { tax: { type: 'numeric' as const, protected: false } } };
    const { seen } = fitBaseline(declared, baseline).features['tax']!;
    expect(seen).toEqual({ allNull: true, mistyped: false });
  });
});

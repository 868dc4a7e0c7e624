import { describe, expect, it } from 'vitest';
import { passed } from '../domain/baseline.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { normalQuantile } from '../stats/normal.js';
import {
  HOUR,
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  START,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { fitBaseline } from './fit-baseline.js';
import { type CheckOutput, runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const random = lcg(7);
const gaussian = () => normalQuantile(Math.max(1e-12, random()));
const budget = { pageDays: 30, noticeDays: 3, share: 1 };
const model = syntheticModel();
const REFERENCE = 24 * 28;

interface Shift {
  readonly rows?: number;
  readonly mean?: number;
  readonly nulls?: number;
}

function profile({ rows = 200, mean = 0, nulls = 0 }: Shift = {}): WindowProfile {
  const values = Array.from({ length: rows - nulls }, () => gaussian() + mean);
  return {
    predictions: rows,
    features: { x: numericProfile(values, NORMAL_EDGES, nulls) },
    unknownFeatures: [],
    measures: {},
    performance: NO_LABELS,
  };
}

const baseline = syntheticBaseline(
  { x: NORMAL_BASELINE },
  Array.from({ length: REFERENCE }, () => profile()),
);
const fitted = fitBaseline(model, baseline);

function check(i: number, window: WindowProfile, state: SeriesState | null): CheckOutput {
  const at = syntheticWindow(REFERENCE + i);
  return runChecks({ model, baseline, fitted, window: at, profile: window, state, budget });
}

/** Runs windows one after another and keeps what each gave. */
function run(windows: readonly WindowProfile[], start: SeriesState | null = null): CheckOutput[] {
  let state = start;
  return windows.map((window, i) => {
    const output = check(i, window, state);
    ({ state } = output);
    return output;
  });
}

function stateOf(output: CheckOutput | undefined, statistic: string): string | undefined {
  return output?.results.find((result) => result.feature === 'x' && result.statistic === statistic)?.state;
}

describe('a shift of half a standard deviation', () => {
  const calm = Array.from({ length: 20 }, () => profile());
  const shifted = Array.from({ length: 20 }, () => profile({ mean: 0.5 }));
  const after = Array.from({ length: 10 }, () => profile());
  const outputs = run([...calm, ...shifted, ...after]);

  it('says nothing before, alerts within three windows and stays open', () => {
    expect(outputs.slice(0, 20).map((o) => stateOf(o, 'location'))).toEqual(
      Array.from({ length: 20 }, () => 'OK'),
    );
    expect(outputs.slice(22, 40).map((o) => stateOf(o, 'location'))).toEqual(
      Array.from({ length: 18 }, () => 'ALERT'),
    );
  });

  it('leads with the component that moved, its size, its start and a sentence', () => {
    const lead = outputs[30]?.results[0];
    expect(lead).toMatchObject({ check: 'feature_drift', feature: 'x', statistic: 'location' });
    expect(lead?.effect).toBeGreaterThan(0.25);
    expect(lead?.since).toEqual(new Date(START.getTime() + (REFERENCE + 20) * HOUR));
    expect(lead?.explanation).toMatch(/^values are higher by 0\.\d+ reference standard deviations$/);
  });

  it('closes within five windows of the end and does not open again', () => {
    expect(outputs.slice(45).map((o) => stateOf(o, 'location'))).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
  });

  it('gives the same from a state that went through JSON', () => {
    const kept = JSON.parse(JSON.stringify(outputs[24]?.state)) as SeriesState;
    const window = profile({ mean: 0.5 });
    expect(check(25, window, kept)).toEqual(check(25, window, outputs[24]?.state ?? null));
    expect(outputs[24]?.state).toEqual(kept);
  });
});

describe('a window of the reference that is judged late', () => {
  it('learns where it cannot be asked: only later windows are blind', () => {
    const empty = { ...profile(), features: {} };
    const states = (i: number) =>
      new Set(
        check(i, empty, null)
          .results.filter(({ feature }) => feature === 'x')
          .map(({ state }) => state),
      );
    expect(states(-1)).toEqual(new Set(['LEARNING']));
    expect(states(0)).toEqual(new Set(['INDETERMINATE']));
  });
});

describe('a reference whose series are fitted', () => {
  it('says the same without the profiles of its windows, also of nulls that are gone', () => {
    const withNulls = syntheticBaseline(
      { x: NORMAL_BASELINE },
      Array.from({ length: REFERENCE }, () => profile({ nulls: 20 })),
    );
    const whole = { model, baseline: withNulls, fitted: fitBaseline(model, withNulls), budget };
    let state: SeriesState | null = null;
    let same: SeriesState | null = null;
    for (const [i, next] of [profile({ nulls: 20 }), profile(), profile({ mean: 1 }), profile()].entries()) {
      const at = { window: syntheticWindow(REFERENCE + i), profile: next };
      const found = runChecks({ ...whole, ...at, state });
      const held = runChecks({ ...whole, baseline: passed(withNulls), ...at, state: same });
      expect(held).toEqual(found);
      [state, same] = [found.state, held.state];
      const isGone = found.results.some(({ statistic }) => statistic === 'vanished');
      expect(isGone).toBe(i > 0);
    }
  });

  it('knows windows in which nothing was null', () => {
    const mixed = syntheticBaseline(
      { x: NORMAL_BASELINE },
      Array.from({ length: REFERENCE }, (_, i) => profile({ nulls: i % 2 === 0 ? 20 : 0 })),
    );
    const now = { model, fitted: fitBaseline(model, mixed), budget, window: syntheticWindow(REFERENCE), profile: profile(), state: null }; // prettier-ignore
    const held = runChecks({ ...now, baseline: passed(mixed) });
    expect(held).toEqual(runChecks({ ...now, baseline: mixed }));
    expect(held.results.map(({ statistic }) => statistic)).not.toContain('vanished');
  });
});

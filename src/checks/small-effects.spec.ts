import { describe, expect, it } from 'vitest';
import { normals } from '../../test/support/random.js';
import {
  NORMAL_BASELINE,
  NORMAL_EDGES,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { type FeatureProfile, NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { normalCdf } from '../stats/normal.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

/** So many that the smallest change is certain. */
const ROWS = 200_000;
const REFERENCE = 24 * 14;
const normal = normals(lcg(41));
const counted = (mean: number) => Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));

interface Change {
  readonly location?: number;
  readonly spread?: number;
  readonly nulls?: number;
}

function profile({ location = 0, spread = 1, nulls = 0.02 }: Change = {}): WindowProfile {
  const below = [0, ...NORMAL_EDGES.map((edge) => normalCdf((edge - location) / spread)), 1];
  const bins = below.slice(1).map((share, i) => counted(ROWS * (share - (below[i] ?? 0))));
  const n = bins.reduce((sum, count) => sum + count, 0);
  const lost = counted(ROWS * nulls);
  const mean = location + normal() * Math.sqrt(spread / n);
  const moments = { sum: n * mean, sumSquares: n * (spread ** 2 + mean ** 2), min: -5, max: 5 };
  const x: FeatureProfile = { kind: 'numeric', rows: n + lost, n, nulls: lost, missing: 0, mistyped: 0, ...moments, bins };
  return { predictions: n + lost, modelRows: null, features: { x }, unknownFeatures: [], measures: {}, performance: NO_LABELS };
} // prettier-ignore

const baseline = syntheticBaseline(
  { x: NORMAL_BASELINE },
  Array.from({ length: REFERENCE }, () => profile()),
);
const model = syntheticModel();
const fitted = fitBaseline(model, baseline);
const budget = { pageDays: 30, noticeDays: 3, share: 1 };

/** What is told in three days of a change, notices included. */
function told(change: Change): ReadonlySet<string> {
  let state: SeriesState | null = null;
  const found = new Set<string>();
  for (let i = 0; i < 24 + 72; i += 1) {
    const input = { model, baseline, fitted, profile: profile(i < 24 ? {} : change), state, budget };
    const output = runChecks({ ...input, window: syntheticWindow(REFERENCE + i) });
    ({ state } = output);
    for (const one of output.results)
      if (one.state === 'ALERT' || one.state === 'NOTICE') found.add(`${one.check} ${one.statistic}`);
  }
  return found;
}

describe('an effect that nobody would call a change', () => {
  it.each([
    ['nothing at all', {}],
    ['a spread of 0.973 of the usual', { spread: 0.973 }],
    ['a thirtieth of a standard deviation', { location: 0.03 }],
    ['a quarter of a percentage point of nulls', { nulls: 0.0225 }],
  ])('opens nothing, however sure it is: %s', (_, change) => {
    expect([...told(change)]).toEqual([]);
  });

  it.each([
    ['feature_drift scale', { spread: 0.9 }],
    ['feature_drift location', { location: 0.1 }],
    ['null_rate rate', { nulls: 0.035 }],
  ])('is told where it is a few times as large: %s', (series, change) => {
    expect([...told(change)]).toContain(series);
  });
});

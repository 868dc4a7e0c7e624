import { expect, it } from 'vitest';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import {
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { normals } from '../../test/support/random.js';
import { lcg } from '../stats/lcg.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const FEATURES = ['a', 'b', 'c', 'd', 'e', 'f'];
const ROWS = 100;
const REFERENCE = 24 * 14;
const model = syntheticModel();
const budget = { pageDays: 30, noticeDays: 3, share: 1 };

function profile(normal: () => number, shifts: Readonly<Record<string, number>> = {}): WindowProfile {
  const features = FEATURES.map((name) => {
    const values = Array.from({ length: ROWS }, () => normal() + (shifts[name] ?? 0));
    return [name, numericProfile(values, NORMAL_EDGES)] as const;
  });
  return {
    predictions: ROWS,
    features: Object.fromEntries(features),
    unknownFeatures: [],
    measures: {},
    performance: NO_LABELS,
  };
}

const reference = normals(lcg(77));
const baseline = syntheticBaseline(
  Object.fromEntries(FEATURES.map((name) => [name, NORMAL_BASELINE])),
  Array.from({ length: REFERENCE }, () => profile(reference)),
);
const fitted = fitBaseline(model, baseline);

/** Features named beside the first alert of `a`, after some hours of calm, or of what was there before. */
function named(
  seed: number,
  shifts: Readonly<Record<string, number>>,
  before: (hoursAhead: number) => Readonly<Record<string, number>> = () => ({}),
): readonly string[] {
  const normal = normals(lcg(seed));
  const calm = 24 + (seed % 72);
  let state: SeriesState | null = null;
  for (let i = 0; i < calm + 48; i += 1) {
    const now = profile(normal, i < calm ? before(calm - i) : shifts);
    const window = syntheticWindow(REFERENCE + i);
    const output = runChecks({ model, baseline, fitted, window, profile: now, state, budget });
    ({ state } = output);
    const alert = output.results.find((one) => one.state === 'ALERT' && one.feature === 'a');
    if (alert) return /; (.*) moved too/.exec(alert.explanation ?? '')?.[1]?.split(', ') ?? [];
  }
  throw new Error('the shift was not found');
}

it('names an innocent feature beside at most one alert in ten', () => {
  const innocents = Array.from({ length: 40 }, (_, i) => named(104_729 * (i + 1), { a: 0.6 }));
  expect(innocents.filter((names) => names.length > 0).length).toBeLessThanOrEqual(4);
});

it('names those that moved with it', () => {
  const together = Array.from({ length: 5 }, (_, i) => named(15_485_863 * (i + 1), { a: 0.8, b: 0.8 }));
  expect(together.filter((names) => names.includes('b')).length).toBeGreaterThanOrEqual(4);
});

it('does not name what had just ended, nor what was there for days', () => {
  const seeds = [7, 11, 13, 17, 19].map((prime) => 15_485_863 * prime);
  const ended = seeds.map((seed) => named(seed, { a: 0.8 }, (ahead) => (ahead < 8 ? { b: 1 } : {})));
  expect(ended.filter((names) => names.includes('b'))).toEqual([]);
  const old = seeds.map((seed) => named(seed + 72 * 5, { a: 0.8, b: 1 }, () => ({ b: 1 })));
  expect(old.filter((names) => names.includes('b'))).toEqual([]);
});

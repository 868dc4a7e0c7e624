import { expect, it } from 'vitest';
import { categoricalProfile, syntheticBaseline, syntheticModel } from '../../test/support/synthetic-model.js';
import type { WindowProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { lcg } from '../stats/lcg.js';
import { fitBaseline } from './fit-baseline.js';

const random = lcg(11);
const drawn = (rows: number) => Array.from({ length: rows }).filter(() => random() < 0.3).length;

/** An hour of a feature with two values, by chance. */
function hour(): WindowProfile {
  const rows = 180 + drawn(200);
  const first = drawn(rows);
  const region = categoricalProfile([first, rows - first]);
  return { ...EMPTY_PROFILE, predictions: rows, features: { region } };
}

/** What a reference of so many calm hours is expected to raise in 30 days. */
function expected(hours: number) {
  const windows = Array.from({ length: hours }, hour);
  const features = {
    region: { kind: 'categorical', categories: ['a', 'b'], tail: [], unseenMass: 0 },
  } as const;
  return fitBaseline(syntheticModel({ season: 'none' }), syntheticBaseline(features, windows));
}

it('a reference that shows no alert is no proof of none: the shorter it is, the more are expected, up to the budget', () => {
  const [short, long] = [expected(48), expected(900)];
  for (const { series, expectedFalseAlerts } of [short, long]) {
    const armed = series.filter(({ status }) => status === 'armed');
    expect(armed.length).toBeGreaterThan(1);
    expect(armed.every((one) => (one.expectedFalseAlerts ?? 0) > 0)).toBe(true);
    expect(expectedFalseAlerts).toBeGreaterThan(0);
    expect(expectedFalseAlerts).toBeLessThanOrEqual(1);
  }
  expect(long.expectedFalseAlerts).toBeLessThan(short.expectedFalseAlerts ?? 0);
});

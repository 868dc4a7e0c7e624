import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../domain/check-result.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { normalQuantile } from '../stats/normal.js';
import {
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../../test/support/synthetic-model.js';
import { fitBaseline } from './fit-baseline.js';
import { type CheckOutput, runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const random = lcg(11);
const gaussian = () => normalQuantile(Math.max(1e-12, random()));
const budget = { pageDays: 30, noticeDays: 3, share: 1 };
const model = syntheticModel();
const REFERENCE = 24 * 28;

function profile(mean = 0, rows = 60): WindowProfile {
  const values = Array.from({ length: rows }, () => gaussian() + mean);
  return {
    predictions: rows,
    features: { x: numericProfile(values, NORMAL_EDGES, 0) },
    unknownFeatures: [],
    measures: {},
    performance: NO_LABELS,
  };
}

const windows = (count: number, mean = 0) => Array.from({ length: count }, () => profile(mean));
const baseline = syntheticBaseline({ x: NORMAL_BASELINE }, windows(REFERENCE));
const fitted = fitBaseline(model, baseline);

function shuffled(values: readonly number[]): number[] {
  return values
    .map((value) => ({ value, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

function run(
  profiles: readonly WindowProfile[],
  start: SeriesState | null = null,
  first = 0,
  ground = { baseline, fitted },
): CheckOutput[] {
  let state = start;
  return profiles.map((window, i) => {
    const at = syntheticWindow(REFERENCE + first + i);
    const output = runChecks({ model, ...ground, window: at, profile: window, state, budget });
    ({ state } = output);
    return output;
  });
}

function daily(output: CheckOutput | undefined): readonly CheckResult[] {
  return output?.results.filter(({ statistic }) => statistic.startsWith('daily_')) ?? [];
}

function locationOf(output: CheckOutput | undefined): CheckResult | undefined {
  return daily(output).find(({ statistic }) => statistic === 'daily_location');
}

describe('the daily companion', () => {
  it('speaks when a day ends, and stands by it until the next one does', () => {
    const outputs = run(windows(50));
    expect(daily(outputs[22])).toHaveLength(0);
    expect(locationOf(outputs[23])).toMatchObject({ check: 'feature_drift', state: 'OK', n: 24 * 60 });
    expect(locationOf(outputs[46])).toEqual(locationOf(outputs[23]));
    expect(locationOf(outputs[47])).not.toEqual(locationOf(outputs[46]));
    expect(daily(outputs[47]).map(({ check }) => check)).toEqual(Array(2).fill('feature_drift'));
  });

  it('sees a creep that hours hardly show, in the same feature and check', () => {
    // The hours of a day stray by as much as half a standard deviation, each day in another order.
    const strays = Array.from({ length: 24 }, (_, i) => (i - 11.5) / 23);
    const straying = (days: number, mean: number) =>
      Array.from({ length: days }, () => shuffled(strays)).flatMap((day) =>
        day.map((by) => profile(mean + by)),
      );
    const reference = syntheticBaseline({ x: NORMAL_BASELINE }, straying(28, 0));
    const ground = { baseline: reference, fitted: fitBaseline(model, reference) };
    const outputs = run(straying(10, 0.2), null, 0, ground);
    const found = outputs.findIndex((output) => locationOf(output)?.state === 'ALERT');
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(24 * 5);
    expect(locationOf(outputs[found])).toMatchObject({
      feature: 'x',
      explanation: expect.stringMatching(/^over the last whole day, /u) as string,
      since: expect.any(Date) as Date,
    });
  });

  it('gives the same after a restart in the middle of a day', () => {
    const profiles = windows(60, 0.1);
    const whole = run(profiles);
    const before = run(profiles.slice(0, 30)).at(-1)?.state;
    const stored = JSON.parse(JSON.stringify(before)) as SeriesState;
    expect(run(profiles.slice(30), stored, 30).at(-1)).toEqual(whole.at(-1));
  });

  it('does not judge half a day, whose hours are others', () => {
    const silent = { ...profile(), predictions: 0, features: {} };
    const outputs = run([...windows(12, 3), ...Array.from({ length: 12 }, () => silent)]);
    expect(daily(outputs[23])).toHaveLength(0);
  });

  it('does not tell once more what windows told: a change of four hours over midnight is over with its windows', () => {
    const outputs = run([...windows(20), ...windows(8, 3), ...windows(96)]);
    const alerting = (output: CheckOutput) => output.results.filter(({ state }) => state === 'ALERT');
    expect(alerting(outputs[27]!).map(({ statistic }) => statistic)).toContain('location');
    expect(outputs.slice(30).flatMap(alerting)).toEqual([]);
    expect(locationOf(outputs[60])?.state).toBe('OK');
  });

  it('lets what days said stand where windows tell most of a day themselves, and is not blind then', () => {
    const outputs = run([...windows(24), ...windows(24, 3), ...windows(54)]);
    expect(locationOf(outputs[24])?.state).toBe('OK');
    expect(locationOf(outputs[48])).toEqual(locationOf(outputs[24]));
    expect(
      outputs
        .slice(52)
        .flatMap(daily)
        .filter(({ state }) => state === 'ALERT'),
    ).toEqual([]);
    expect(locationOf(outputs[98])).not.toEqual(locationOf(outputs[48]));
  });

  it('needs three weeks of reference', () => {
    const short = syntheticBaseline({ x: NORMAL_BASELINE }, windows(24 * 20));
    expect(fitBaseline(model, short).daily).toBeNull();
    expect(fitted.daily?.fitted.series.map(({ status }) => status)).toEqual(Array(2).fill('armed'));
  });
});

import { expect, it } from 'vitest';
import type { Constraint } from '../domain/constraint.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { lcg } from '../stats/lcg.js';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../../test/support/synthetic-model.js';
import { FLEET_BUDGET } from './budget.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const ROWS = 500;
const RULES: readonly Constraint[] = [
  { rule: 'calls', name: 'calls:failed', check: 'service', feature: null, statistic: 'failures', part: 'failed', aboveMs: null },
  { rule: 'calls', name: 'calls:slow', check: 'service', feature: null, statistic: 'slow_calls', part: 'slow', aboveMs: 250 },
]; // prettier-ignore
const LATE: Constraint = { rule: 'calls', name: 'calls:target', check: 'service', feature: null, statistic: 'latency_p95_target', part: 'target', aboveMs: 250 }; // prettier-ignore
const random = lcg(11);
const drawn = (share: number) => Array.from({ length: ROWS }).filter(() => random() < share).length;
const window = (failed: number, slow: number, late = slow) => ({
  ...EMPTY_PROFILE,
  predictions: ROWS,
  measures: {
    'calls:failed': { kind: 'rate' as const, hits: drawn(failed), trials: ROWS },
    'calls:slow': { kind: 'rate' as const, hits: drawn(slow), trials: ROWS },
    'calls:target': { kind: 'rate' as const, hits: late === slow ? 0 : drawn(late), trials: ROWS },
  },
});
const usual = () => window(0.005, 0.05);
const HOURS = 21 * 24;
const baseline = syntheticBaseline({}, Array.from({ length: HOURS }, usual), { rules: RULES });
const model = syntheticModel({ service: { latencyP95Ms: 250, errorRate: 0.02 } });
const fitted = fitBaseline(model, baseline);

/** States of the statistics of the service in windows one after another. */
function judged(windows: readonly ReturnType<typeof usual>[], held = { baseline, fitted }) {
  let state: SeriesState | null = null;
  return windows.map((profile, i) => {
    const checked = runChecks({
      model, ...held, profile, state, window: syntheticWindow(HOURS + i), budget: FLEET_BUDGET,
    }); // prettier-ignore
    state = checked.state;
    return Object.fromEntries(
      checked.results.filter(({ check }) => check === 'service').map((one) => [one.statistic, one]),
    );
  });
}

it('calls that are as they were are no finding', () => {
  const quiet = judged(Array.from({ length: 100 }, usual));
  expect(quiet.flatMap((one) => Object.values(one)).filter(({ state }) => state === 'ALERT')).toEqual([]);
});

it('one call in ten that times out is found within two windows, against the reference and against the target', () => {
  const found = judged([usual(), window(0.1, 0.05), window(0.1, 0.05)]);
  expect(found.at(-1)?.['failures']?.state).toBe('ALERT');
  expect(found.at(-1)?.['failures']?.explanation).toMatch(
    / % of 500 calls failed; 0\.\d+ % in the reference/,
  );
  expect(found[1]?.['error_rate_target']).toMatchObject({ state: 'ALERT' });
  expect(found[0]?.['error_rate_target']).toMatchObject({ state: 'OK' });
});

it('times that doubled are found within two windows', () => {
  // Twice a lognormal time with a spread of 0.5 is beyond its 95th percentile in 40 of 100 calls.
  const found = judged([usual(), window(0.005, 0.4), window(0.005, 0.4)]);
  expect(found.at(-1)?.['slow_calls']?.state).toBe('ALERT');
  expect(found[1]?.['latency_p95_target']?.explanation).toMatch(
    /took longer than 250 ms; the target allows 5 %/,
  );
});

it('a target far off is held as a target, and the change against the reference is found beside it', () => {
  const both = syntheticBaseline({}, Array.from({ length: HOURS }, () => window(0.005, 0.05, 0.001)), { rules: [...RULES, LATE] });
  const found = judged(Array.from({ length: 3 }, () => window(0.005, 0.4, 0.001)), { baseline: both, fitted: fitBaseline(model, both) });
  expect(found.at(-1)?.['slow_calls']?.state).toBe('ALERT');
  expect(found.at(-1)?.['latency_p95_target']).toMatchObject({ state: 'OK', evidence: null });
  expect(found.at(-1)?.['latency_p95_target']?.value).toBeLessThan(0.02);
}); // prettier-ignore

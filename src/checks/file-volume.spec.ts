import { expect, it } from 'vitest';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../../test/support/synthetic-model.js';
import type { CheckResult } from '../domain/check-result.js';
import type { BaselineSource } from '../domain/model.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { lcg } from '../stats/lcg.js';
import { FLEET_BUDGET } from './budget.js';
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const HOURS = 28 * 24;
const FILE = { file: 'training.parquet' };
const random = lcg(9);
const noise = () => random() + random() + random() + random() - 2;
const windowOf = (mean: number): WindowProfile => {
  const predictions = Math.max(0, Math.round(mean + noise() * Math.sqrt(3 * mean)));
  return { ...EMPTY_PROFILE, predictions, performance: NO_LABELS };
};

const model = syntheticModel();
const reference = syntheticBaseline({}, Array.from({ length: HOURS }, () => windowOf(200)), {}); // prettier-ignore

/** What is said of the volume, hour by hour, of so many rows an hour. */
function volumes(source: BaselineSource, hours: readonly number[]): readonly CheckResult[] {
  const baseline = { ...reference, source };
  const fitted = fitBaseline(model, baseline);
  let state: SeriesState | null = null;
  return hours.flatMap((mean, i) => {
    const window = syntheticWindow(HOURS + i);
    const checked = runChecks({ model, baseline, fitted, profile: windowOf(mean), state, budget: FLEET_BUDGET, window }); // prettier-ignore
    state = checked.state;
    return checked.results.filter(({ check, statistic }) => check === 'volume' && statistic === 'count');
  });
}

const always = (rows: number) => Array.from({ length: 30 }, () => rows);
const later = (rows: number) => [...Array.from({ length: 12 }, () => 200), ...always(rows)];
const statesOf = (results: readonly CheckResult[]) => [...new Set(results.map(({ state }) => state))];

it.each([[480], [70]])('%i rows an hour from the first on are no alert where the reference is a file of 200', (rows) => {
  const found = volumes(FILE, always(rows));
  expect(statesOf(found.slice(3))).toEqual(['NOTICE']);
  expect(found.at(-1)?.explanation).toMatch(/; it was so in the first window .* a file/);
  // the first window has only the end of its hour
  expect(statesOf(volumes(FILE, [200, ...always(rows)])).includes('ALERT')).toBe(false);
}); // prettier-ignore

it('they are where the reference is of production, where they change later, and where there are none', () => {
  expect(volumes({ learn: 28 * 86_400_000 }, always(480)).at(-1)?.state).toBe('ALERT');
  expect(volumes(FILE, later(480)).at(-1)?.state).toBe('ALERT');
  expect(volumes(FILE, later(70)).at(-1)?.state).toBe('ALERT');
  expect(volumes(FILE, [...always(480), 0, 0]).at(-1)?.state).toBe('ALERT');
});

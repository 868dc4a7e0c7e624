import { expect, it } from 'vitest';
import { NO_LABELS, OUTPUT, type WindowProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { normalQuantile } from '../stats/normal.js';
import { NORMAL_BASELINE, NORMAL_EDGES, HOUR, START, numericProfile, syntheticBaseline, syntheticModel } from '../../test/support/synthetic-model.js'; // prettier-ignore
import { fitBaseline } from './fit-baseline.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

/** The reference ends with 31 March 2024, the day on which clocks in Europe go forward. */
const HOURS = 24 * 28;
const REFERENCE_ENDS = Date.UTC(2024, 2, 31, 1);
const model = syntheticModel();

/** What a model is given has a day of its own; its score follows the first input, and is multiplied from the end of the reference on. */
function followed(seed: number, times: number): number {
  const random = lcg(seed);
  const normal = () => normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, random())));
  const profile = (hour: number, factor: number): WindowProfile => {
    const level = 0.4 * Math.sin((2 * Math.PI * hour) / 24);
    const values = (mean: number, by = 1) => Array.from({ length: 120 }, () => by * (normal() + mean));
    return {
      predictions: 120,
      features: {
        a: numericProfile(values(level), NORMAL_EDGES),
        b: numericProfile(values(0), NORMAL_EDGES),
        [OUTPUT.score]: numericProfile(values(level + 1, factor), NORMAL_EDGES),
      },
      unknownFeatures: [],
      measures: {},
      performance: NO_LABELS,
    };
  };
  const features = { a: NORMAL_BASELINE, b: NORMAL_BASELINE, [OUTPUT.score]: NORMAL_BASELINE };
  const learnt = syntheticBaseline(
    features,
    Array.from({ length: HOURS }, (_, h) => profile(h, 1)),
  );
  const moved = REFERENCE_ENDS - START.getTime() - HOURS * HOUR;
  const at = (date: Date) => new Date(date.getTime() + moved);
  const windows = learnt.windows.map((one) => ({ ...one, from: at(one.from), to: at(one.to) }));
  const baseline = { ...learnt, windows };
  const fitted = fitBaseline(model, baseline);
  let state: SeriesState | null = null;
  let noticed = 0;
  for (let h = 0; h < 24 * 7; h += 1) {
    const from = new Date(REFERENCE_ENDS + h * HOUR);
    const window = {
      model: 'synthetic',
      version: '1',
      from,
      to: new Date(from.getTime() + HOUR),
      revision: 0,
    };
    const found = runChecks({
      model,
      baseline,
      fitted,
      window,
      profile: profile(h, times),
      state,
      budget: { pageDays: 30, noticeDays: 3, share: 1 },
    });
    ({ state } = found);
    noticed += Number(
      found.results.some(({ statistic, state: is }) => statistic === 'clock_change' && is === 'NOTICE'),
    );
  }
  return noticed;
}

it.each([0.5, 0.6, 1.3])('scores × %s are no change of clocks', (times) => {
  expect([7, 13, 17].map((seed) => followed(seed, times))).toEqual([0, 0, 0]);
});

import { describe, expect, it } from 'vitest';
import { lcg } from '../stats/lcg.js';
import { advanceSeries } from './advance-series.js';
import { rareRecovery, scoreObservation } from './score.js';
import type { Observation, RareLaw, SeriesModel } from './series.js';
import { AT, freshSeries, MODE } from './series-state.js';

/** Windows of which none of 336 did what is counted. */
const law: RareLaw = {
  kind: 'rare',
  windows: 336,
  rate: 1 / 337,
  typical: 0,
  dispersion: 1,
  mostTrials: 1,
};
const model: SeriesModel = {
  key: 'out_of_range|area|windows',
  check: 'out_of_range',
  feature: 'area',
  statistic: 'windows',
  family: 'quality',
  weight: 0.4,
  signs: [1],
  relevance: { unit: 'scale', size: 0 },
  status: 'armed',
  windows: 336,
  law,
  leastChange: 0,
  typical: 0,
  expectedFalseAlerts: 0,
};
const inflow = { page: 1e-6, notice: 1e-5, recovery: 1 / 720 };

const seen = (hits: number, trials = 1): Observation => ({
  y: 0,
  v: 0,
  n: 60,
  value: hits / trials,
  hits,
  trials,
});

function advance(series: number[], hits: number, minute: number): void {
  const observation = seen(hits);
  const score = scoreObservation(law, observation, { slot: 0, before: 0, lag: 1, leastChange: 0 });
  advanceSeries(series, { model, observation, score, inflow, relevant: true, pages: true, minute });
}

describe('a rare event of which a window is one trial', () => {
  it('is over when windows are clean again, after as many as it takes to be sure', () => {
    const series = freshSeries(1);
    for (let hour = 0; hour < 14; hour += 1) advance(series, 1, 60 * hour);
    expect(series[AT.mode]).toBe(MODE.alert);
    let clean = 0;
    while (series[AT.mode] !== MODE.ok && clean < 100) advance(series, 0, 60 * (14 + clean++));
    expect(clean).toBe(9);
  });

  it('is not over while half of the windows still show it', () => {
    const random = lcg(7);
    const series = freshSeries(1);
    for (let hour = 0; hour < 14; hour += 1) advance(series, 1, 60 * hour);
    let ended = 0;
    for (let hour = 14; hour < 14 + 720; hour += 1) {
      advance(series, random() < 0.5 ? 1 : 0, 60 * hour);
      if (series[AT.mode] === MODE.ok) ended += 1;
    }
    expect(ended).toBe(0);
  });

  it('bets fairly: the mean of what a window gives is at most 1 at half the change and at all of it', () => {
    for (const rate of [0.5, 0.75, 1]) {
      const mean = rate * rareRecovery(law, seen(1), 0.5) + (1 - rate) * rareRecovery(law, seen(0), 0.5);
      expect(mean).toBeLessThanOrEqual(1 + 1e-9);
    }
  });
});
